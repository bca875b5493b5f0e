/// What the controls of a passing program come to.
extension Box {
    /// Runs a passing program again, a toss each time deciding between the real tests and a control: what a program could
    /// tell the first controls by (that they come later, that they end otherwise) tells it nothing here. Who guesses comes
    /// through one time in 2^`tosses`.
    func tossed(_ passed: Attempt, run: (_ isControl: Bool) async -> Attempt) async -> Attempt {
        for _ in 0..<Self.tosses where passed.outcome.verdict == .passed {
            let isControl = Bool.random()
            let attempt = await run(isControl)
            let judged = isControl ? judged(passed, control: attempt) : attempt
            guard judged.outcome.verdict == .passed else { return judged }
        }
        return passed
    }

    private static let tosses = 8

    /// Whether tests hold anything that goes on after an assertion has failed.
    static func maySwallow(_ tests: String) -> Bool {
        ["except", "finally", "suppress", "raises", "Raises", "unittest", "pytest", "with "].contains(
            where: tests.contains)
    }

    /// A passing program after one of its controls.
    func judged(_ passed: Attempt, control: Attempt) -> Attempt {
        var judged = passed
        if control.outcome.verdict == .passed, !control.swallowed {
            judged.outcome.verdict = .forged
            judged.outcome.detail = "passes the negative control too, whose tests no honest program can pass"
        } else if control.outcome.verdict.isHarnessFailure {
            judged.outcome.verdict = control.outcome.verdict
            judged.outcome.detail = control.outcome.detail
        }
        return judged
    }
}
