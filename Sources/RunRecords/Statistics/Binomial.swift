import Foundation

/// The binomial distribution: successes among `trials` independent trials of probability `probability`.
struct Binomial: Sendable {
    let trials: Int
    let probability: Double

    /// P(X = k).
    func mass(_ k: Int) -> Double {
        guard (0...trials).contains(k) else { return 0 }
        if probability <= 0 { return k == 0 ? 1 : 0 }
        if probability >= 1 { return k == trials ? 1 : 0 }
        let (n, x) = (Double(trials), Double(k))
        let ways = lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)
        return exp(ways + x * log(probability) + (n - x) * log1p(-probability))
    }

    /// P(X ≤ k).
    func atMost(_ k: Int) -> Double {
        guard k >= 0 else { return 0 }
        return k >= trials ? 1 : min(1, (0...k).reduce(0) { $0 + mass($1) })
    }

    /// P(X ≥ k).
    func atLeast(_ k: Int) -> Double {
        guard k <= trials else { return 0 }
        return k <= 0 ? 1 : min(1, (k...trials).reduce(0) { $0 + mass($1) })
    }
}
