/// McNemar's test of paired answers: of the pairs that differ, does one side win more often than a coin would?
package enum McNemar {
    /// The exact two-sided p-value: twice the smaller binomial tail, at most 1.
    ///
    /// Q. McNemar, Psychometrika 12 (1947); exact by the binomial distribution of the discordant pairs, which makes no
    /// assumption about their number. 1 when no pair differs.
    /// - Parameters:
    ///   - onlyFirst: pairs that only the first side passed.
    ///   - onlySecond: pairs that only the second side passed.
    package static func exactP(onlyFirst: Int, onlySecond: Int) -> Double {
        let (smaller, discordant) = (max(0, min(onlyFirst, onlySecond)), max(0, onlyFirst) + max(0, onlySecond))
        // Where both tails meet their sum exceeds 1.
        if 2 * smaller >= discordant { return 1 }
        return min(1, 2 * Binomial(trials: discordant, probability: 0.5).atMost(smaller))
    }

    /// The fewest discordant pairs that can give p < `alpha`, which they do when all go one way; nil if none can.
    package static func fewestSignificant(alpha: Double) -> Int? {
        guard alpha > 0 else { return nil }
        // 2 · 2⁻ⁿ < alpha; a double has no smaller positive values than 2⁻¹⁰⁷⁴.
        return (1...1075).first { exactP(onlyFirst: 0, onlySecond: $0) < alpha }
    }
}
