import Execution

/// Runs the program once for each case, with the case's input on its standard input, and compares outside the box what it
/// printed: the candidate never sees what is expected of it.
struct ProgramOutputScorer: Scorer {
    let declaration: ScorerDeclaration
    let runner: any TestRunner

    func score(_ extracted: String, for problem: Problem) async -> Score {
        guard case .programOutput(let program) = problem.content else {
            return Score(verdict: .infrastructure, detail: "problem \(problem.id) has no cases")
        }
        var cpuSeconds = 0.0
        for (index, test) in program.cases.enumerated() {
            let job = TestJob(
                candidate: extracted, tests: "", stdin: test.input,
                expectedOutput: test.output, mode: .compareOutput, limits: declaration.limits.applied(to: TestLimits()))
            let outcome = await JudgingModes.run(job, runner)
            cpuSeconds += outcome.cpuSeconds
            guard outcome.verdict == .passed else {
                return Score(
                    verdict: outcome.verdict, detail: "case \(index + 1) of \(program.cases.count): \(outcome.detail)",
                    cpuSeconds: cpuSeconds, integrity: outcome.mode.rawValue)
            }
        }
        return Score(verdict: .passed, detail: "", cpuSeconds: cpuSeconds, integrity: TestMode.compareOutput.rawValue)
    }

    func scoreReference(of problem: Problem) async -> Score {
        guard case .programOutput(let program) = problem.content, !program.solution.isEmpty else {
            return Score(verdict: .skipped, detail: "the problem has no reference solution")
        }
        return await score(program.solution, for: problem)
    }
}
