/// The difference of two proportions that were observed on the same problems.
package enum PairedDifference {
    /// The 97.5 % point of the standard normal distribution.
    private static let z = 1.959_963_984_540_054

    /// Tango's 95 % score interval of (second's share − first's share); nil without pairs.
    ///
    /// T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample
    /// design", Statistics in Medicine 17 (1998): the differences δ that the score test does not reject, with the
    /// discordant probability at its likelihood maximum under δ. Honest for few pairs and none that differ, where the
    /// usual (Wald) interval has no width.
    package static func interval95(onlyFirst: Int, onlySecond: Int, pairs: Int) -> ClosedRange<Double>? {
        guard pairs > 0, onlyFirst >= 0, onlySecond >= 0, onlyFirst + onlySecond <= pairs else { return nil }
        let (n, won, lost) = (Double(pairs), Double(onlySecond), Double(onlyFirst))
        let estimate = (won - lost) / n
        func score(_ delta: Double) -> Double {
            let quadratic = 2 * n
            let linear = (2 * n - won + lost) * delta - won - lost
            let constant = -lost * delta * (1 - delta)
            let root = max(0, linear * linear - 4 * quadratic * constant).squareRoot()
            let losing = max(0, max(-delta, (root - linear) / (2 * quadratic)))
            let variance = n * (2 * losing + delta * (1 - delta))
            let distance = won - lost - n * delta
            if variance > 0 { return distance / variance.squareRoot() }
            return distance == 0 ? 0 : distance > 0 ? .infinity : -.infinity
        }
        // The score falls as δ grows.
        let low = onlyFirst == pairs ? -1 : crossing(of: score, at: z, from: -1, to: estimate)
        let high = onlySecond == pairs ? 1 : crossing(of: score, at: -z, from: estimate, to: 1)
        return min(low, estimate)...max(high, estimate)
    }

    /// Where a falling function passes `level`, by bisection down to neighbouring doubles.
    private static func crossing(
        of function: (Double) -> Double, at level: Double, from lower: Double, to upper: Double
    ) -> Double {
        var (low, high) = (lower, upper)
        while true {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { return middle }
            if function(middle) > level { low = middle } else { high = middle }
        }
    }
}
