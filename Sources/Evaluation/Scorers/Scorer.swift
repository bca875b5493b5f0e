import Execution

/// What a scorer makes of one answer.
package struct Score: Sendable, Equatable {
    package var verdict: Verdict
    package var detail: String
    /// CPU seconds of the tests; nil where nothing ran.
    package var cpuSeconds: Double?
    /// How the verdict is protected; nil where nothing ran.
    package var integrity: String?
    /// Further scores by name, 0 or 1.
    package var scores: [String: Double]

    package init(
        verdict: Verdict, detail: String, cpuSeconds: Double? = nil, integrity: String? = nil,
        scores: [String: Double] = [:]
    ) {
        self.verdict = verdict
        self.detail = detail
        self.cpuSeconds = cpuSeconds
        self.integrity = integrity
        self.scores = scores
    }
}

/// Judges what was extracted from an answer.
package protocol Scorer: Sendable {
    /// - Parameter extracted: a whole program, or the text in which the answer is looked for.
    func score(_ extracted: String, for problem: Problem) async -> Score
    /// Judges the problem's own reference; the set is sound if it passes.
    func scoreReference(of problem: Problem) async -> Score
}

/// The table of scorers; a new scorer is a file and a line here.
package enum Scorers {
    package struct Entry: Sendable {
        package var kind: ProblemKind
        /// "pass@1" or "exact_match", as reports call the mean.
        package var metric: String
        package var make: @Sendable (ScorerDeclaration, any TestRunner) -> any Scorer
    }

    package static let table: [String: Entry] = [
        "python-tests": Entry(kind: .pythonTests, metric: "pass@1") { PythonTestsScorer(declaration: $0, runner: $1) },
        "program-output": Entry(kind: .programOutput, metric: "pass@1") {
            ProgramOutputScorer(declaration: $0, runner: $1)
        },
        "exact-match": Entry(kind: .exactMatch, metric: "exact_match") { declaration, _ in
            ExactMatchScorer(declaration: declaration)
        },
    ]
}
