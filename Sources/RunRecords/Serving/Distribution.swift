/// A distribution of times as vLLM's benchmark tells it, in seconds.
package struct Distribution: Codable, Sendable, Equatable {
    package var count: Int
    package var mean: Double
    /// Of the population, as numpy has it.
    package var std: Double
    package var p50: Double
    package var p90: Double
    package var p95: Double
    package var p99: Double

    /// Percentiles by linear interpolation between the nearest ranks (`Quantile.linear`); nil of nothing.
    package init?(of values: [Double]) {
        let sorted = values.sorted()
        func at(_ q: Double) -> Double? { Quantile.linear(q, ofSorted: sorted) }
        guard let p50 = at(0.5), let p90 = at(0.9), let p95 = at(0.95), let p99 = at(0.99) else { return nil }
        count = values.count
        let average = values.reduce(0, +) / Double(values.count)
        mean = average
        std = (values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(values.count)).squareRoot()
        (self.p50, self.p90, self.p95, self.p99) = (p50, p90, p95, p99)
    }
}
