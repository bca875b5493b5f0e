extension Launcher {
    /// One launch judged, repeated once where the box itself failed.
    /// - Returns: the outcome, and whether a test swallowed the failing assertion of the negative control.
    func attempt(_ job: TestJob, poison: Bool, slot: Int) async -> (outcome: TestOutcome, swallowed: Bool) {
        var result = await attemptOnce(job, poison: poison, slot: slot)
        if result.outcome.verdict == .sandboxError {
            result = await attemptOnce(job, poison: poison, slot: slot)
        }
        return result
    }

    private func attemptOnce(_ job: TestJob, poison: Bool, slot: Int) async -> (outcome: TestOutcome, swallowed: Bool) {
        var random = SystemRandomNumberGenerator()
        let secret = (0..<2).map { _ in String(random.next() as UInt64, radix: 36) }.joined()
        let start = ContinuousClock.now
        func outcome(_ verdict: Verdict, _ detail: String) -> (outcome: TestOutcome, swallowed: Bool) {
            let wall = (ContinuousClock.now - start) / .seconds(1)
            return (
                TestOutcome(verdict: verdict, detail: detail, cpuSeconds: 0, wallSeconds: wall, mode: job.mode), false
            )
        }
        switch await launch(job, secret: secret, poison: poison, slot: slot) {
        case .report(let report):
            let finding = VerdictRules.judge(report, of: job, secret: secret)
            let outcome = TestOutcome(
                verdict: finding.verdict, detail: finding.detail, cpuSeconds: report.cpuSeconds,
                wallSeconds: report.wallSeconds, mode: job.mode)
            return (outcome, finding.assertionSwallowed)
        case .testsUnreadable(let why): return outcome(.infrastructure, "the tests are not a Python program: \(why)")
        case .lost(let why, let overdue): return outcome(overdue ? .timeout : .crashed, why)
        case .broken(let why): return outcome(.sandboxError, why)
        case .cancelled: return outcome(.infrastructure, "cancelled")
        }
    }
}
