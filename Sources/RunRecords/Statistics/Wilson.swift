/// Wilson's score interval of a proportion: honest for few problems and for shares near 0 or 1.
package enum Wilson {
    /// The 97.5 % point of the standard normal distribution.
    private static let z = 1.959_963_984_540_054

    /// The 95 % interval without continuity correction; nil of nothing.
    ///
    /// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    /// - Parameter passed: 0…total.
    package static func interval95(passed: Int, total: Int) -> ClosedRange<Double>? {
        guard total > 0, (0...total).contains(passed) else { return nil }
        let n = Double(total)
        let share = Double(passed) / n
        let shrink = 1 + z * z / n
        let centre = (share + z * z / (2 * n)) / shrink
        let half = z / shrink * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        // Exact at the ends, where rounding would leave a hair.
        let low = passed == 0 ? 0 : max(0, centre - half)
        let high = passed == total ? 1 : min(1, centre + half)
        return low...high
    }
}
