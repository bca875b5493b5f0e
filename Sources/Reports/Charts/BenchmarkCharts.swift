import Foundation
import RunRecords

/// The charts of a benchmark: tokens/s over batch and over prompt length, memory, and the roofline.
package enum BenchmarkCharts {
    /// Each with the name of its file, without the ending. What has a single point has no curve.
    package static func all(_ records: [BenchmarkRecord]) -> [(name: String, chart: Chart)] {
        guard let first = records.first else { return [] }
        let subtitle =
            "\(first.model.name), median of \(first.repetitions) repetition\(first.repetitions == 1 ? "" : "s") with the range"
        let charts: [(String, Chart?)] = [
            ("decode-over-batch", decodeOverBatch(records, subtitle)),
            ("prefill-over-batch", prefillOverBatch(records, subtitle)),
            ("decode-over-prompt", overPrompt(records, subtitle, decode: true)),
            ("prefill-over-prompt", overPrompt(records, subtitle, decode: false)),
            ("roofline", roofline(records)), ("memory-over-batch", memory(records)),
        ]
        return charts.compactMap { name, chart in chart.map { (name, $0) } }
    }

    private static func decodeOverBatch(_ records: [BenchmarkRecord], _ subtitle: String) -> Chart? {
        let lines = overBatch(records, \.decodeTokensPerS, \.decodeSpread)
        guard !lines.isEmpty else { return nil }
        return Chart(
            title: "Decode over batch size", subtitle: subtitle,
            x: .init("sequences side by side", scale: .log2, style: .count),
            y: .init("decode, tokens/s of all sequences together"), series: lines,
            references: limit(records).map { [$0] } ?? [])
    }

    private static func prefillOverBatch(_ records: [BenchmarkRecord], _ subtitle: String) -> Chart? {
        let lines = overBatch(records, \.prefillTokensPerS, \.prefillSpread)
        guard !lines.isEmpty else { return nil }
        return Chart(
            title: "Prefill over batch size", subtitle: subtitle,
            x: .init("sequences side by side", scale: .log2, style: .count),
            y: .init("prefill, prompt tokens/s of all sequences together"), series: lines)
    }

    private static func overBatch(
        _ records: [BenchmarkRecord], _ rate: KeyPath<BenchmarkRecord, Double?>,
        _ spread: KeyPath<BenchmarkRecord, Spread?>
    ) -> [Chart.Series] {
        series(
            records, along: \.batchSize, apart: [("prompt", \.promptTokens), ("new", \.generatedTokens)], rate, spread)
    }

    private static func overPrompt(_ records: [BenchmarkRecord], _ subtitle: String, decode: Bool) -> Chart? {
        let lines = series(
            records, along: \.promptTokens, apart: [("batch", \.batchSize), ("new", \.generatedTokens)],
            decode ? \.decodeTokensPerS : \.prefillTokensPerS, decode ? \.decodeSpread : \.prefillSpread)
        guard !lines.isEmpty else { return nil }
        return Chart(
            title: "\(decode ? "Decode" : "Prefill") over prompt length", subtitle: subtitle,
            x: .init("prompt tokens of each sequence", scale: .log2, style: .count),
            y: .init(decode ? "decode, tokens/s" : "prefill, prompt tokens/s"), series: lines)
    }

    /// FLOPs a second over FLOPs a byte (Williams, Waterman and Patterson, 2009), with the roof of the best probes.
    private static func roofline(_ records: [BenchmarkRecord]) -> Chart? {
        let groups = BenchmarkSection.configurations(records)
        var series: [Chart.Series] = []
        var roofs: [Chart.Reference] = []
        for (name, points) in groups {
            let drawn = points.compactMap { record -> Chart.Point? in
                guard let bytes = record.decodeStepBytes, let flops = record.decodeStepFlops, bytes > 0,
                    let rate = record.decodeTokensPerS
                else { return nil }
                let label =
                    "\(record.batchSize)"
                    + (Set(points.map(\.promptTokens)).count > 1 ? " @ d\(record.promptTokens)" : "")
                return Chart.Point(flops / bytes, flops * rate / Double(record.batchSize) / 1e9, label: label)
            }
            if drawn.isEmpty { continue }
            series.append(Chart.Series("decode, by batch: \(name)", .points, drawn))
            let samples = points.flatMap(\.samples)
            guard let read = samples.compactMap(\.readBytesPerS).max(),
                let peak = samples.compactMap(\.flopsPerS).max(),
                read > 0, let least = drawn.map(\.x).min(), let most = drawn.map(\.x).max()
            else { continue }
            let (ridge, left) = (peak / read, min(least, peak / read) / 2)
            roofs.append(
                Chart.Reference(
                    "\(Quantity.fixed(read / 1e9, 1)) GB/s, \(Quantity.wholeCount(peak / 1e9)) GFLOP/s"
                        + (groups.count > 1 ? " (\(name))" : ""),
                    .path([
                        .init(left, left * read / 1e9), .init(ridge, peak / 1e9),
                        .init(max(most, ridge) * 2, peak / 1e9),
                    ])))
        }
        if series.isEmpty { return nil }
        return Chart(
            title: "Roofline of decoding",
            subtitle: "\(records[0].model.name); the roof is what the probes reached on this host",
            x: .init("FLOPs for each byte read", scale: .log10), y: .init("GFLOP/s", scale: .log10), series: series,
            references: roofs)
    }

    private static func memory(_ records: [BenchmarkRecord]) -> Chart? {
        guard let group = BenchmarkSection.configurations(records).first else { return nil }
        // The longest sequences there are: one line for each quantity.
        let length = group.points.map { [$0.promptTokens, $0.generatedTokens] }.max { $0[0] + $0[1] < $1[0] + $1[1] }
        let points = group.points.filter { [$0.promptTokens, $0.generatedTokens] == length }
            .sorted { $0.batchSize < $1.batchSize }
        guard points.count > 1 else { return nil }
        func line(_ name: String, _ bytes: (BenchmarkRecord) -> Int?) -> Chart.Series {
            Chart.Series(
                name, .line,
                points.compactMap { record in bytes(record).map { .init(Double(record.batchSize), Double($0)) } })
        }
        return Chart(
            title: "Memory over batch size",
            subtitle: "\(points[0].model.name), \(group.name), prompt \(points[0].promptTokens), "
                + "\(points[0].generatedTokens) new tokens each",
            x: .init("sequences side by side", style: .count), y: .init("", style: .bytes),
            series: [
                line("peak resident", \.peakRssBytes),
                line("weights + KV cache") { record in
                    record.weightsBytes.flatMap { weights in record.kvCachePeakBytes.map { weights + $0 } }
                },
            ])
    }

    /// What memory and arithmetic would allow at each batch size, by the best probes of the first configuration.
    private static func limit(_ records: [BenchmarkRecord]) -> Chart.Reference? {
        guard let group = BenchmarkSection.configurations(records).first else { return nil }
        let samples = group.points.flatMap(\.samples)
        guard let read = samples.compactMap(\.readBytesPerS).max(), let peak = samples.compactMap(\.flopsPerS).max(),
            let prompt = group.points.map(\.promptTokens).min()
        else { return nil }
        let path = group.points.filter { $0.promptTokens == prompt }.sorted { $0.batchSize < $1.batchSize }
            .compactMap { record -> Chart.Point? in
                guard let bytes = record.decodeStepBytes, let flops = record.decodeStepFlops else { return nil }
                let steps = min(read / bytes, peak / flops)
                return Chart.Point(Double(record.batchSize), steps * Double(record.batchSize))
            }
        guard path.count > 1, path.allSatisfy({ $0.y.isFinite }) else { return nil }
        return Chart.Reference("limit of this host (\(group.name))", .path(path))
    }

    /// A line for each configuration and each combination of the values that keep points apart, where x has several
    /// values. Names tell what differs between the points of the report.
    private static func series(
        _ records: [BenchmarkRecord], along x: KeyPath<BenchmarkRecord, Int>,
        apart keys: [(word: String, path: KeyPath<BenchmarkRecord, Int>)], _ rate: KeyPath<BenchmarkRecord, Double?>,
        _ spread: KeyPath<BenchmarkRecord, Spread?>
    ) -> [Chart.Series] {
        let differing = keys.filter { key in Set(records.map { $0[keyPath: key.path] }).count > 1 }
        return BenchmarkSection.configurations(records).flatMap { configuration, points in
            Dictionary(grouping: points) { record in keys.map { record[keyPath: $0.path] } }
                .sorted { $0.key.lexicographicallyPrecedes($1.key) }
                .compactMap { _, members -> Chart.Series? in
                    let drawn = members.sorted { $0[keyPath: x] < $1[keyPath: x] }.compactMap { record in
                        record[keyPath: rate].map { value in
                            Chart.Point(
                                Double(record[keyPath: x]), value,
                                yInterval: record[keyPath: spread].flatMap { $0.min <= $0.max ? $0.min...$0.max : nil })
                        }
                    }
                    guard Set(drawn.map(\.x)).count > 1 else { return nil }
                    let name = [configuration] + differing.map { "\($0.word) \(members[0][keyPath: $0.path])" }
                    return Chart.Series(name.joined(separator: ", "), .line, drawn)
                }
        }
    }
}
