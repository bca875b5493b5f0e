import Foundation
import RunRecords

/// How loads and their numbers are named.
enum ServingWords {
    static func server(_ record: ServingRecord) -> String {
        record.endpoint.label ?? record.endpoint.urls.joined(separator: ", ")
    }

    /// `8 at a time`, `2.5/s poisson`.
    static func load(_ record: ServingRecord) -> String {
        if let concurrency = record.load.concurrency { return "\(Quantity.count(concurrency)) at a time" }
        guard let rate = record.load.requestRate else { return record.load.kind }
        return "\(number(rate))/s \(record.load.arrivals ?? "")"
    }

    /// `41.2 ms; 40.1 ms / 45 ms / 47 ms / 52 ms`.
    static func times(_ times: Distribution?) -> String {
        guard let times else { return Quantity.notMeasured }
        return "\(Quantity.seconds(times.mean)); "
            + [times.p50, times.p90, times.p95, times.p99].map(Quantity.seconds).joined(separator: " / ")
    }

    static func limits(_ limits: GoodputLimits?) -> String {
        guard let limits else { return "none" }
        return [("TTFT", limits.ttftS), ("TPOT", limits.tpotS), ("E2EL", limits.e2elS)].compactMap { name, value in
            value.map { "\(name) ≤ \(Quantity.seconds($0))" }
        }.joined(separator: ", ")
    }

    /// Up to four significant digits.
    static func number(_ value: Double) -> String { String(format: "%.4g", value) }
}
