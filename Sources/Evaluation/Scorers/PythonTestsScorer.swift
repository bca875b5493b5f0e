import Execution

/// Runs the program with the problem's set-up and assertions in the box.
struct PythonTestsScorer: Scorer {
    let declaration: ScorerDeclaration
    let runner: any TestRunner
    private let modes = JudgingModes()

    init(declaration: ScorerDeclaration, runner: any TestRunner) {
        self.declaration = declaration
        self.runner = runner
    }

    func score(_ extracted: String, for problem: Problem) async -> Score {
        guard case .pythonTests(let python) = problem.content else {
            return Score(verdict: .infrastructure, detail: "problem \(problem.id) has no tests")
        }
        var job = job(for: python)
        // Other languages have one mode each; the runner knows it.
        if job.language == "python" {
            let finding = await modes.finding(for: problem.id, job: job, runner: runner)
            job.mode = finding.mode
            job.mayShareProcess = finding.reference?.verdict != .passed
        }
        job.candidate = extracted
        return score(await JudgingModes.run(job, runner))
    }

    func scoreReference(of problem: Problem) async -> Score {
        guard case .pythonTests(let python) = problem.content else {
            return Score(verdict: .infrastructure, detail: "problem \(problem.id) has no tests")
        }
        let finding = await modes.finding(for: problem.id, job: job(for: python), runner: runner)
        guard let outcome = finding.reference else {
            return Score(verdict: .skipped, detail: "the problem has no reference solution")
        }
        return score(outcome)
    }

    private func score(_ outcome: TestOutcome) -> Score {
        Score(
            verdict: outcome.verdict, detail: outcome.detail, cpuSeconds: outcome.cpuSeconds,
            integrity: outcome.mode.rawValue)
    }

    /// The reference's job, to be judged apart.
    private func job(for python: PythonProblem) -> TestJob {
        TestJob(
            language: python.language == "py" ? "python" : python.language, candidate: python.solution,
            tests: Self.tests(of: python), prelude: Self.prelude(of: python),
            entryPoint: python.entryPoint, mode: .separateJudge, limits: declaration.limits.applied(to: TestLimits()))
    }

    /// Set-up and assertions, in the order in which they run after the candidate.
    static func tests(of python: PythonProblem) -> String {
        ([python.setup] + python.tests).filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
    }

    /// What the judge needs of the data set besides the tests: the prompt with its helpers, or at least the imports that
    /// the tests may rely on.
    static func prelude(of python: PythonProblem) -> String {
        if !python.prefix.isEmpty { return python.prefix }
        return python.solution.split(separator: "\n").filter { $0.hasPrefix("import ") || $0.hasPrefix("from ") }
            .map { $0 + "\n" }.joined()
    }
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
