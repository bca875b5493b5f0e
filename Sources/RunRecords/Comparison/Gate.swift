/// When a comparison against a baseline counts as a regression.
package struct GateSettings: Codable, Sendable, Equatable {
    /// Level of McNemar's test.
    package var alpha: Double
    /// A loss of accuracy up to this is accepted where the interval rules out a larger one.
    package var minEffect: Double
    /// Kinds of metrics, besides accuracy, that decide the outcome: "speed", "memory".
    package var failOn: [String]
    /// Relative changes of times up to this are taken for noise: what a shared host does by itself within minutes.
    package var noiseFloor: Double

    package static let strictMinEffect = 0.02
    /// Memory is counted, not timed: it varies less.
    static let memoryNoiseFloor = 0.05

    package init(alpha: Double = 0.05, minEffect: Double = 0.10, failOn: [String] = [], noiseFloor: Double = 0.10) {
        self.alpha = alpha
        self.minEffect = minEffect
        self.failOn = failOn
        self.noiseFloor = noiseFloor
    }
}

/// The answer of a gate, which is also the command's exit code.
package enum GateOutcome: Int, Codable, Sendable {
    case fine = 0
    case regressed = 1
    case cannotTell = 2

    package var words: String {
        switch self {
        case .fine: "no regression"
        case .regressed: "regression"
        case .cannotTell: "cannot tell"
        }
    }

    /// Of several metrics: a regression outweighs what cannot be told, which outweighs what is fine. Where nothing is
    /// asked to decide, nothing regressed.
    package init(of metrics: [MetricRecord], settings: GateSettings) {
        let deciding = metrics.filter { $0.kind == "accuracy" || settings.failOn.contains($0.kind) }
        if deciding.contains(where: { $0.verdict == .worse }) {
            self = .regressed
        } else if deciding.contains(where: { $0.verdict == .cannotTell })
            || (deciding.isEmpty && !settings.failOn.isEmpty)
        {
            self = .cannotTell
        } else {
            self = .fine
        }
    }
}

/// Judges accuracy by the paired verdicts.
enum AccuracyGate {
    /// Worse or better when McNemar's exact p < alpha; no worse when nothing flipped or Tango's interval stays above
    /// −minEffect; otherwise it cannot be told.
    static func metric(_ c: ComparisonRecord, settings: GateSettings) -> MetricRecord {
        let (lost, won, n) = (c.onlyA, c.onlyB, c.problems)
        let share = { (passed: Int) in n > 0 ? Double(passed) / Double(n) : nil }
        let p = PairedConclusion.probability(c.mcnemarP)
        let counts = "\(lost) lost and \(won) won of \(n)"
        let verdict: ComparisonVerdict
        var reason: String
        if n == 0 {
            (verdict, reason) = (.cannotTell, "no problem was scored on both sides")
        } else if c.mcnemarP < settings.alpha {
            verdict = lost > won ? .worse : .better
            reason = "\(counts), exact McNemar p = \(p) < \(settings.alpha)"
        } else if lost + won == 0 {
            (verdict, reason) = (.noWorse, "all \(n) verdicts are equal")
        } else {
            reason = "\(counts), exact McNemar p = \(p)"
            if let fewest = McNemar.fewestSignificant(alpha: settings.alpha), lost + won < fewest {
                reason += " (fewer than \(fewest) flips cannot be significant)"
            }
            let low = c.differenceCi95?.first ?? -1
            let high = c.differenceCi95?.last ?? 1
            let interval =
                "the 95 % interval of the change, \(PairedConclusion.signed(low)) to \(PairedConclusion.signed(high))"
            let limit = PairedConclusion.signed(-settings.minEffect)
            verdict = low >= -settings.minEffect ? .noWorse : .cannotTell
            reason +=
                verdict == .noWorse
                ? "; \(interval), rules out a loss beyond \(limit)"
                : "; \(interval), does not rule out a loss beyond \(limit): more problems would tell"
        }
        return MetricRecord(
            name: "accuracy", kind: "accuracy", unit: "share", a: share(c.bothPassed + lost),
            b: share(c.bothPassed + won), change: c.difference, changeCi95: c.differenceCi95, noiseFloor: nil,
            verdict: verdict, reason: reason)
    }
}
