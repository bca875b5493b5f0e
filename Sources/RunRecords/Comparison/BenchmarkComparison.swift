import Foundation

/// One point of a benchmark's grid against the same point of an earlier report.
package struct BenchmarkComparison: Codable, Sendable, Equatable {
    /// Model, dtype, threads and the point, in words.
    package var point: String
    package var metrics: [MetricRecord]

    /// The points that both reports measured, in the later one's order.
    static func all(baseline: Report, candidate: Report, settings: GateSettings) -> [BenchmarkComparison] {
        let unlike = RunDifferences.unlike(hosts: (baseline.host, candidate.host))
        var open = baseline.benchmarks
        return candidate.benchmarks.compactMap { point in
            guard let index = open.firstIndex(where: { Key($0) == Key(point) }) else { return nil }
            return BenchmarkComparison(open.remove(at: index), point, settings, unlike)
        }
    }

    private init(_ a: BenchmarkRecord, _ b: BenchmarkRecord, _ settings: GateSettings, _ unlike: String?) {
        point = Key(b).words
        let rates: [(String, (BenchmarkSample) -> Double?)] = [
            ("prefill", { $0.prefillTokensPerS }), ("decode", { $0.decodeTokensPerS }),
        ]
        metrics = rates.compactMap { name, value in
            Self.rate(name, a.samples.compactMap(value), b.samples.compactMap(value), settings.noiseFloor, unlike)
        }
        metrics += [
            MeasuredMetrics.size("peak resident memory", a.peakRssBytes, b.peakRssBytes, unlike),
            MeasuredMetrics.size("key-value cache, peak", a.kvCachePeakBytes, b.kvCachePeakBytes, unlike),
        ].compactMap { $0 }
    }

    /// Medians of the repetitions, with the interval of their ratio where there are enough of them.
    private static func rate(
        _ name: String, _ first: [Double], _ second: [Double], _ floor: Double, _ unlike: String?
    ) -> MetricRecord? {
        guard let a = Quantile.linear(0.5, ofSorted: first.sorted()), a > 0,
            let b = Quantile.linear(0.5, ofSorted: second.sorted())
        else { return nil }
        var record = MetricRecord(
            name: name, kind: "speed", unit: "tokens/s", a: a, b: b, change: b / a - 1, changeCi95: nil,
            noiseFloor: floor, verdict: .cannotTell, reason: "")
        guard unlike == nil else {
            record.reason = unlike ?? ""
            return record
        }
        // With fewer than four repetitions a resampled median is one of two or three numbers: no interval at all.
        guard min(first.count, second.count) >= 4,
            let ratio = Bootstrap.medianRatioInterval95(independent: first, second)
        else {
            record.reason =
                "\(first.count) and \(second.count) repetitions; an interval takes four a side (--repetitions)"
            return record
        }
        let (low, high) = (ratio.lowerBound - 1, ratio.upperBound - 1)
        record.changeCi95 = [low, high]
        record.verdict = high < -floor ? .worse : low > floor ? .better : low >= -floor ? .noWorse : .cannotTell
        record.reason =
            "medians of \(first.count) and \(second.count) repetitions; the change's 95 % interval is "
            + "\(MeasuredMetrics.percent(low)) to \(MeasuredMetrics.percent(high)), noise is up to "
            + "\(MeasuredMetrics.percent(floor))"
        return record
    }

    /// What makes two points the same. The model is known by its name: a shape has no weights of its own.
    private struct Key: Equatable {
        let words: String

        init(_ record: BenchmarkRecord) {
            words =
                "\(record.model.name) in \(record.dtype), \(record.threads) threads, \(record.kernels) kernels, batch "
                + "\(record.batchSize), prompt \(record.promptTokens), \(record.generatedTokens) new"
                + (record.speculation ? ", speculation" : "")
        }
    }
}
