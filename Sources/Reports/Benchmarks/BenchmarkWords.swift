import Foundation
import RunRecords

/// How points of a benchmark are named.
enum BenchmarkWords {
    /// What tells the configurations of a report apart: dtype and threads, and kernels where they differ. The layout of the
    /// weights is a matter of the batch size, unless the same point was measured with both.
    static func configuration(_ record: BenchmarkRecord, among all: [BenchmarkRecord]) -> String {
        let threads = "\(record.threads) thread\(record.threads == 1 ? "" : "s")"
        var words = [record.dtype, threads]
        if Set(all.map(\.kernels)).count > 1 { words.append("\(record.kernels) kernels") }
        func place(_ r: BenchmarkRecord) -> [String] {
            [r.model.name, r.dtype, r.kernels]
                + [r.threads, r.batchSize, r.promptTokens, r.generatedTokens].map(String.init)
        }
        if let layout = record.weightLayout, Set(all.map(place)).count < all.count { words.append("\(layout) weights") }
        if Set(all.map(\.model.name)).count > 1 { words.insert(record.model.name, at: 0) }
        return words.joined(separator: ", ")
    }

    /// llama-bench's names: prompt processing, and generation at a depth.
    static func prefillTest(_ record: BenchmarkRecord) -> String { "pp\(record.promptTokens)\(batch(record))" }

    static func decodeTest(_ record: BenchmarkRecord) -> String {
        "tg\(record.generatedTokens) @ d\(record.promptTokens)\(batch(record))"
    }

    private static func batch(_ record: BenchmarkRecord) -> String {
        record.batchSize == 1 ? "" : " × \(record.batchSize)"
    }

    /// `112.30 ± 1.25`: mean and standard deviation of the repetitions, as llama-bench prints them.
    static func meanAndDeviation(_ values: [Double]) -> String? {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
        return "\(Quantity.fixed(mean, 2)) ± \(Quantity.fixed(deviation, 2))"
    }

    /// `48.2 (47.9 to 48.6)`: the median and the range.
    static func rate(_ median: Double?, _ spread: Spread?) -> String {
        guard let median else { return Quantity.notMeasured }
        guard let spread, spread.min < spread.max else { return Quantity.rate(median) }
        return "\(Quantity.rate(median)) (\(Quantity.rate(spread.min)) to \(Quantity.rate(spread.max)))"
    }

    /// `412 / 951 / 980 ms`, in the unit of each.
    static func latencies(_ times: Latencies?) -> String {
        guard let times else { return Quantity.notMeasured }
        return [times.p50, times.p95, times.p99].map(Quantity.seconds).joined(separator: " / ")
    }
}
