import Execution

/// Finds how each problem can be judged, by its own reference solution: apart from the candidate where that works, in one
/// process where the tests need live objects. What was found is remembered as long as the scorer lives.
actor JudgingModes {
    struct Finding: Sendable {
        var mode: TestMode
        /// What became of the reference; nil where the problem has none.
        var reference: TestOutcome?
    }

    private var found: [String: Task<Finding, Never>] = [:]

    /// - Parameter job: the problem's tests with its reference as the candidate, to be judged apart; an empty candidate
    ///   stands for no reference.
    func finding(for id: String, job: TestJob, runner: any TestRunner) async -> Finding {
        if let known = found[id] { return await known.value }
        let task = Task { await Self.find(job, runner) }
        found[id] = task
        return await task.value
    }

    private static func find(_ job: TestJob, _ runner: any TestRunner) async -> Finding {
        guard !job.candidate.isEmpty else { return Finding(mode: guess(job), reference: nil) }
        let apart = await run(job, runner)
        // The runner itself falls back to one process where the tests pass what cannot cross.
        if apart.verdict == .passed { return Finding(mode: apart.mode, reference: apart) }
        if apart.verdict.isHarnessFailure { return Finding(mode: guess(job), reference: apart) }
        var together = job
        together.mode = .inProcess
        let outcome = await run(together, runner)
        if outcome.verdict == .passed { return Finding(mode: .inProcess, reference: outcome) }
        // The reference fails either way, which says nothing about the mode.
        return Finding(mode: guess(job), reference: outcome.verdict.isHarnessFailure ? outcome : apart)
    }

    /// Without a reference: apart, unless the tests are about a class.
    private static func guess(_ job: TestJob) -> TestMode {
        guard let entry = job.entryPoint else { return .inProcess }
        return job.prelude.contains("class \(entry)") ? .inProcess : .separateJudge
    }

    /// The harness's own failures are tried once more before they stand.
    static func run(_ job: TestJob, _ runner: any TestRunner) async -> TestOutcome {
        let outcome = await runner.run(job)
        guard outcome.verdict.isHarnessFailure, !Task.isCancelled else { return outcome }
        return await runner.run(job)
    }
}
