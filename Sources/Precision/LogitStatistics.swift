import Foundation

/// One dtype's logits at one position, taken in by panels of the vocabulary in ascending order.
package struct SideState: Sendable {
    /// Highest logit and its id, the lowest id on ties; −1 before the first.
    package private(set) var top: (id: Int, logit: Float) = (-1, -.infinity)
    package private(set) var second: Float = -.infinity
    package private(set) var targetLogit: Float?
    /// Infinite and NaN logits; they take no part in the sums.
    package private(set) var nonFinite = 0
    /// Σ exp(logit − scale) and Σ exp(logit − scale) · logit.
    private var scale = -Double.infinity
    private var sum = 0.0
    private var weighted = 0.0

    package init() {}

    /// - Parameters:
    ///   - logits: ids firstID ..< firstID + count.
    ///   - weights: receives exp(logit − the highest so far) for each, 0 where not finite.
    /// - Returns: what earlier sums with these weights have to be multiplied by.
    mutating func add(
        _ logits: UnsafeBufferPointer<Float>, firstID: Int, target: Int?, weights: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        for (offset, logit) in logits.enumerated() {
            if !logit.isFinite {
                nonFinite += 1
            }
            // An infinite logit is chosen by the engine too; NaN never.
            if logit > top.logit {
                (second, top) = (top.logit, (firstID + offset, logit))
            } else if logit > second {
                second = logit
            }
        }
        if let target, target >= firstID, target - firstID < logits.count { targetLogit = logits[target - firstID] }
        let highest = logits.reduce(scale) { $1.isFinite ? max($0, Double($1)) : $0 }
        let shrink = scale == highest ? 1 : exp(scale - highest)
        scale = highest
        var (added, addedWeighted) = (0.0, 0.0)
        for (offset, logit) in logits.enumerated() {
            let weight = logit.isFinite ? exp(Double(logit) - highest) : 0
            weights[offset] = weight
            added += weight
            if weight > 0 { addedWeighted += weight * Double(logit) }
        }
        sum = sum * shrink + added
        weighted = weighted * shrink + addedWeighted
        return shrink
    }

    /// Σ of the weights relative to the highest logit.
    var total: Double { sum }
    package var logSumExp: Double { scale + log(sum) }
    /// Of the next-token distribution, in nats.
    package var entropy: Double { max(0, logSumExp - weighted / sum) }
    /// Highest minus second-highest logit; nil where that is not finite.
    package var margin: Double? {
        let margin = Double(top.logit) - Double(second)
        return margin.isFinite ? margin : nil
    }
    /// ln p(target); nil where there is none.
    package var targetLogProbability: Double? {
        guard nonFinite == 0, let targetLogit else { return nil }
        return Double(targetLogit) - logSumExp
    }
}

/// Two dtypes' logits at one position.
package struct PairState: Sendable {
    package private(set) var maxError: Float = 0
    package private(set) var errorSum = 0.0
    /// Σ exp(a − scale) · (a − b), on the scale of a's `SideState`.
    private var weighted = 0.0

    package init() {}

    /// - Parameters:
    ///   - weights: of a, and `shrink`: what `SideState.add` returned for a.
    ///   - histogram: takes every error; nil where the position is not to count.
    mutating func add(
        _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, weights: UnsafeMutableBufferPointer<Double>,
        shrink: Double, histogram: inout ErrorHistogram, isCounted: Bool
    ) {
        var (added, errors) = (0.0, 0.0)
        for offset in a.indices {
            let difference = Double(a[offset]) - Double(b[offset])
            guard difference.isFinite else { continue }
            let error = Float(abs(difference))
            maxError = max(maxError, error)
            errors += Double(error)
            added += weights[offset] * difference
            if isCounted { histogram.add(error) }
        }
        errorSum += errors
        weighted = weighted * shrink + added
    }

    /// KL(a ‖ b) = E_a[a − b] − ln Σ exp(a) + ln Σ exp(b), in nats; rounding of the last bits cannot make it negative.
    package func divergence(_ a: SideState, _ b: SideState) -> Double? {
        guard a.nonFinite == 0, b.nonFinite == 0 else { return nil }
        let value = weighted / a.total - a.logSumExp + b.logSumExp
        return value.isFinite ? max(0, value) : nil
    }
}
