import Foundation

/// The result of a comparison in a plain sentence.
enum PairedConclusion {
    static func sentence(_ c: ComparisonRecord) -> String {
        guard c.problems > 0 else {
            return c.byProblem.isEmpty
                ? "\(c.a) and \(c.b) have no problem in common: nothing can be said."
                : "\(c.a) and \(c.b) give the same completion on \(c.identicalCompletions) of \(c.byProblem.count) prompts; "
                    + "nothing was scored."
        }
        let flips = c.onlyA + c.onlyB
        let problems = "\(c.problems) problem\(c.problems == 1 ? "" : "s")"
        let seen =
            c.detectableDifference.map {
                "with this many problems only a difference of \(points($0)) or more would probably be seen"
            } ?? "so few problems cannot show any difference"
        if flips == 0 {
            return "\(c.a) and \(c.b) pass the same \(c.bothPassed) of \(problems); \(seen)."
        }
        let p = "p = \(probability(c.mcnemarP))"
        let counts =
            "\(c.a) and \(c.b) differ on \(flips) of \(problems): \(c.onlyA) passed by \(c.a) alone, "
            + "\(c.onlyB) by \(c.b) alone"
        if c.mcnemarP < c.alpha {
            let winner = c.onlyA > c.onlyB ? c.a : c.b
            let interval = c.differenceCi95.map {
                " (95 % interval of \(c.b) − \(c.a): \(signed($0[0])) to \(signed($0[1])))"
            }
            return "\(counts): \(winner) is better by \(points(abs(c.difference ?? 0)))\(interval ?? ""), \(p)."
        }
        return "\(counts): no evidence of a difference (\(p)); \(seen)."
    }

    /// `9.7 points`, percentage points of the score.
    static func points(_ share: Double) -> String { String(format: "%.1f points", share * 100) }

    static func signed(_ share: Double) -> String { String(format: "%+.1f", share * 100) + " points" }

    /// `0.25`, `1.0`, `0.0005`.
    static func probability(_ p: Double) -> String {
        if p >= 0.9995 { return "1.0" }
        return p < 0.0001 ? String(format: "%.0e", p) : String(format: p < 0.01 ? "%.4f" : "%.3f", p)
    }
}
