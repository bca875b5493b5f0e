/// Counts of values up to fixed bounds, as Prometheus wants them.
struct Histogram: Sendable {
    let bounds: [Double]
    /// Of values above the bound before and up to this one; the last is of values above all bounds.
    private(set) var counts: [Int]
    private(set) var sum = 0.0

    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    /// Lines of the exposition format; buckets are cumulative.
    func lines(_ name: String) -> [String] {
        var total = 0
        var lines: [String] = []
        for (bound, count) in zip(bounds.map { "\($0)" } + ["+Inf"], counts) {
            total += count
            lines.append("\(name)_bucket{le=\"\(bound)\"} \(total)")
        }
        return lines + ["\(name)_sum \(sum)", "\(name)_count \(total)"]
    }
}
