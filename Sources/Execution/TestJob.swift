/// How the tests of a program are run and its verdict is reached.
package enum TestMode: String, Codable, Sendable {
    /// The tests run in a process, namespaces and a folder of their own; the candidate's functions are called from
    /// there, and only values of builtin types cross.
    case separateJudge = "separate-judge"
    /// Candidate and tests are one program in one interpreter; success is a late secret told over a pipe, and a passing
    /// program is run again with tests that no honest program passes.
    case inProcess = "in-process-secret"
    /// Candidate and tests are compiled apart and linked; success is a late secret, with a negative control.
    case lateSecret = "late-secret"
    /// Only the candidate runs, with `stdin`; its output is compared outside the box.
    case compareOutput = "compare-outside"
}

/// Limits of one test run. CPU time is the clock; wall time only catches sleepers.
package struct TestLimits: Codable, Sendable, Equatable {
    package var cpuSeconds: Double = 4
    /// Wall seconds granted beyond `cpuSeconds`.
    package var wallMarginSeconds: Double = 2
    package var memoryBytes: Int = 512 << 20
    package var processes: Int = 32
    package var workDirectoryBytes: Int = 64 << 20
    package var outputBytes: Int = 1 << 20

    package init() {}
}

/// One program to run and judge.
package struct TestJob: Sendable, Equatable {
    /// Name in the languages table, e.g. "python".
    package var language: String
    /// The candidate: the whole program text that defines what the tests use.
    package var candidate: String
    /// Code run after the candidate, in the same namespace: set-up and assertions.
    package var tests: String
    /// The data set's own text that the tests need and that is run on the judge's side: the prompt, with its helpers.
    package var prelude: String
    /// The function the tests call.
    package var entryPoint: String?
    package var stdin: String
    /// For `compareOutput`: what the program must print, compared after trimming trailing white space of lines and end.
    package var expectedOutput: String?
    package var mode: TestMode
    /// Whether tests that pass what cannot to another process may be run in one process instead. Not where they are known
    /// to do without: then it is the candidate's own value that cannot cross back.
    package var mayShareProcess = true
    package var limits: TestLimits

    package init(
        language: String = "python", candidate: String, tests: String, prelude: String = "",
        entryPoint: String? = nil, stdin: String = "", expectedOutput: String? = nil, mode: TestMode = .inProcess,
        limits: TestLimits = TestLimits()
    ) {
        self.language = language
        self.candidate = candidate
        self.tests = tests
        self.prelude = prelude
        self.entryPoint = entryPoint
        self.stdin = stdin
        self.expectedOutput = expectedOutput
        self.mode = mode
        self.limits = limits
    }
}

/// What became of a test run.
package enum Verdict: String, Codable, Sendable, CaseIterable {
    case passed, failed, timeout, oom, crashed, forged, skipped, starved, infrastructure
    case compileError = "compile_error"
    case outputLimit = "output_limit"
    case exitedEarly = "exited_early"
    case protocolError = "protocol_error"
    case sandboxError = "sandbox_error"
}

extension Verdict {
    /// Verdicts that tell of the harness or the host and never of the sample.
    package var isHarnessFailure: Bool { self == .sandboxError || self == .starved || self == .infrastructure }
}

/// The result of one test run.
package struct TestOutcome: Sendable, Equatable {
    package var verdict: Verdict
    /// One line that says why, e.g. "AssertionError: …"; empty when passed.
    package var detail: String
    package var cpuSeconds: Double
    package var wallSeconds: Double
    package var mode: TestMode

    package init(verdict: Verdict, detail: String, cpuSeconds: Double, wallSeconds: Double, mode: TestMode) {
        self.verdict = verdict
        self.detail = detail
        self.cpuSeconds = cpuSeconds
        self.wallSeconds = wallSeconds
        self.mode = mode
    }
}

/// Anything that runs test jobs; `Box` is the real one.
package protocol TestRunner: Sendable {
    /// Runs one job to its verdict. Never throws: a harness failure is a verdict of its own.
    func run(_ job: TestJob) async -> TestOutcome
}
