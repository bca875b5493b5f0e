/// Quantiles of a sample.
package enum Quantile {
    /// The value at rank `q · (n − 1)`, linearly interpolated between its neighbours: type 7 of Hyndman and Fan (1996),
    /// which is numpy's default; nil of nothing.
    /// - Parameters:
    ///   - q: 0…1.
    ///   - values: in ascending order.
    package static func linear(_ q: Double, ofSorted values: [Double]) -> Double? {
        guard let last = values.last, (0...1).contains(q) else { return nil }
        let rank = q * Double(values.count - 1)
        let below = Int(rank)
        guard below + 1 < values.count else { return last }
        return values[below] + (rank - Double(below)) * (values[below + 1] - values[below])
    }
}
