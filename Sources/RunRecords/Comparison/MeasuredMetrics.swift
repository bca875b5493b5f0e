import Foundation

/// Speed and memory of two runs: medians over problems with a bootstrap interval of their ratio, and single figures.
enum MeasuredMetrics {
    /// - Parameter unlike: why the two cannot be compared, such as another processor; nil where they can.
    static func all(_ pairs: PairedRuns, settings: GateSettings, unlike: String?) -> [MetricRecord] {
        let times: [(name: String, value: (ProblemRecord) -> Double?)] = [
            ("time to first token", { $0.ttftS }), ("time per token", timePerToken),
        ]
        let sizes: [(name: String, value: (MemoryRecord) -> Int?)] = [
            ("peak resident memory", { $0.peakRssBytes }), ("key-value cache, peak", { $0.kvCachePeakBytes }),
        ]
        return times.compactMap { time(pairs, $0.name, settings.noiseFloor, unlike, $0.value) }
            + sizes.compactMap {
                size($0.name, pairs.a.memory.flatMap($0.value), pairs.b.memory.flatMap($0.value), unlike)
            }
    }

    /// Seconds a token after the first; nil where there is no second one.
    private static func timePerToken(_ record: ProblemRecord) -> Double? {
        guard let whole = record.generationS, let first = record.ttftS, let count = record.generatedTokens, count > 1
        else { return nil }
        return (whole - first) / Double(count - 1)
    }

    private static func time(
        _ pairs: PairedRuns, _ name: String, _ floor: Double, _ unlike: String?, _ value: (ProblemRecord) -> Double?
    ) -> MetricRecord? {
        let both = pairs.pairs.compactMap { pair -> (Double, Double)? in
            guard let a = value(pair.a), let b = value(pair.b) else { return nil }
            return (a, b)
        }
        let (first, second) = (both.map(\.0), both.map(\.1))
        guard let a = Percentiles(of: first)?.p50, let b = Percentiles(of: second)?.p50 else { return nil }
        var record = MetricRecord(
            name: name, kind: "speed", unit: "s", a: a, b: b, change: a > 0 ? b / a - 1 : nil, changeCi95: nil,
            noiseFloor: floor, verdict: .cannotTell, reason: "")
        if let unlike {
            record.reason = unlike
            return record
        }
        guard let ratio = Bootstrap.medianRatioInterval95(first: first, second: second) else {
            record.reason = "a median of 0 s gives no ratio"
            return record
        }
        let (low, high) = (ratio.lowerBound - 1, ratio.upperBound - 1)
        record.changeCi95 = [low, high]
        record.verdict = low > floor ? .worse : high < -floor ? .better : high <= floor ? .noWorse : .cannotTell
        record.reason =
            "medians of \(both.count) problems; the change's 95 % interval is \(percent(low)) to \(percent(high)), "
            + "noise is up to \(percent(floor))"
        return record
    }

    /// Bytes, counted once a side; nil where one side has not measured them.
    static func size(_ name: String, _ a: Int?, _ b: Int?, _ unlike: String?) -> MetricRecord? {
        guard let a, let b, a > 0 else { return nil }
        let (change, floor) = (Double(b) / Double(a) - 1, GateSettings.memoryNoiseFloor)
        let verdict: ComparisonVerdict = change > floor ? .worse : change < -floor ? .better : .noWorse
        return MetricRecord(
            name: name, kind: "memory", unit: "B", a: Double(a), b: Double(b), change: change, changeCi95: nil,
            noiseFloor: floor, verdict: unlike == nil ? verdict : .cannotTell,
            reason: unlike ?? "one measurement a side, \(percent(change)); noise is up to \(percent(floor))")
    }

    static func percent(_ share: Double) -> String { String(format: "%+.1f %%", share * 100) }
}
