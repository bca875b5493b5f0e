/// How large a difference between two sides of the same problems would have to be to be seen.
package enum DetectableDifference {
    /// The rule in words, for reports.
    package static let rule =
        "the exact McNemar test's unconditional power (Duffy, Biometrics 40, 1984), with as many problems "
        + "differing as did here, or all of the difference one way where that is more"

    /// The smallest true difference of the two shares that the exact McNemar test finds with probability `power`; nil
    /// if these problems are too few for any.
    ///
    /// The number of discordant pairs is binomial with probability max(discordant / pairs, δ), the split among them
    /// binomial with (ψ + δ) / 2ψ: S. W. Duffy, "Asymptotic and exact power for the McNemar test and its analogue
    /// with R controls per case", Biometrics 40 (1984).
    /// - Parameters:
    ///   - pairs: problems compared.
    ///   - discordant: of them, those that one side alone passed.
    package static func smallest(pairs: Int, discordant: Int, alpha: Double = 0.05, power: Double = 0.8) -> Double? {
        guard pairs > 0, (0...pairs).contains(discordant), alpha > 0, (0..<1).contains(power) else { return nil }
        let observed = Double(discordant) / Double(pairs)
        let test = CriticalValues(alpha: alpha, pairs: pairs)
        func reaches(_ delta: Double) -> Bool {
            test.power(pairs: pairs, difference: delta, discordance: max(observed, delta)) >= power
        }
        guard reaches(1) else { return nil }
        var (low, high) = (0.0, 1.0)
        while high - low > 1e-9 {
            let middle = (low + high) / 2
            if reaches(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// The probability that the exact McNemar test finds a difference.
    /// - Parameters:
    ///   - difference: of the two shares.
    ///   - discordance: share of problems that one side alone passes, at least `difference`.
    package static func power(pairs: Int, difference: Double, discordance: Double, alpha: Double = 0.05) -> Double {
        CriticalValues(alpha: alpha, pairs: pairs)
            .power(pairs: pairs, difference: difference, discordance: discordance)
    }
}

/// For each number of discordant pairs the largest smaller side that is still significant.
private struct CriticalValues {
    private let smallerSide: [Int?]

    init(alpha: Double, pairs: Int) {
        var largest: Int?
        smallerSide = (0...max(0, pairs)).map { discordant in
            // It never falls as pairs are added, and grows by at most one.
            let next = (largest ?? -1) + 1
            if 2 * next < discordant, McNemar.exactP(onlyFirst: next, onlySecond: discordant - next) < alpha {
                largest = next
            }
            return largest
        }
    }

    func power(pairs: Int, difference: Double, discordance: Double) -> Double {
        guard discordance > 0 else { return 0 }
        let count = Binomial(trials: pairs, probability: min(1, discordance))
        let share = min(1, (discordance + difference) / (2 * discordance))
        var power = 0.0
        for (discordant, smaller) in smallerSide.enumerated() {
            guard let smaller else { continue }
            let weight = count.mass(discordant)
            if weight < 1e-14 { continue }
            let won = Binomial(trials: discordant, probability: share)
            power +=
                weight * (won.atMost(smaller) + Binomial(trials: discordant, probability: 1 - share).atMost(smaller))
        }
        return min(1, power)
    }
}
