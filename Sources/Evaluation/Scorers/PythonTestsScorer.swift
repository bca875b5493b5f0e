import Execution

/// Runs the program with the problem's set-up and assertions in the box.
struct PythonTestsScorer: Scorer {
    let declaration: ScorerDeclaration
    let runner: any TestRunner

    /// The harness's own failures are tried once more before they stand.
    private static let attempts = 2

    func score(_ extracted: String, for problem: Problem) async -> Score {
        guard case .pythonTests(let python) = problem.content else {
            return Score(verdict: .infrastructure, detail: "problem \(problem.id) has no tests")
        }
        let job = TestJob(
            candidate: extracted, tests: Self.tests(of: python),
            limits: declaration.limits.applied(to: TestLimits()))
        var outcome = await runner.run(job)
        for _ in 1..<Self.attempts where outcome.verdict.isHarnessFailure && !Task.isCancelled {
            outcome = await runner.run(job)
        }
        return Score(
            verdict: outcome.verdict, detail: outcome.detail, cpuSeconds: outcome.cpuSeconds,
            integrity: outcome.mode.rawValue)
    }

    func scoreReference(of problem: Problem) async -> Score {
        guard case .pythonTests(let python) = problem.content else {
            return Score(verdict: .infrastructure, detail: "problem \(problem.id) has no tests")
        }
        return await score(python.solution, for: problem)
    }

    /// Set-up and assertions, in the order in which they run after the candidate.
    static func tests(of python: PythonProblem) -> String {
        ([python.setup] + python.tests).filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
    }
}

extension Verdict {
    /// Verdicts that tell of the harness or the host and never of the sample.
    package var isHarnessFailure: Bool { self == .sandboxError || self == .starved || self == .infrastructure }
}

extension LimitsDeclaration {
    func applied(to limits: TestLimits) -> TestLimits {
        var limits = limits
        limits.cpuSeconds = cpuSeconds ?? limits.cpuSeconds
        limits.wallMarginSeconds = wallMarginSeconds ?? limits.wallMarginSeconds
        limits.memoryBytes = memoryBytes ?? limits.memoryBytes
        limits.processes = processes ?? limits.processes
        limits.workDirectoryBytes = workDirectoryBytes ?? limits.workDirectoryBytes
        limits.outputBytes = outputBytes ?? limits.outputBytes
        return limits
    }
}
