/// One problem, whatever the shape of the row it came from.
package struct Problem: Sendable, Equatable, Identifiable {
    package var id: String
    /// Other names samples may use for it, e.g. the bare number of an MBPP task.
    package var aliases: [String] = []
    /// Fields templates may use; a field `x` in language `zh` is `x_zh`.
    package var fields: [String: String]
    package var content: ProblemContent
    /// Stop strings of its own for completion-style answers, in place of the set's.
    package var stop: [String]?
    package var tags: [String] = []
    package var difficulty: String?
    /// SHA-256 over the bytes of the row.
    package var digest: [UInt8]
    /// Line of the row in its file, from 1.
    package var line: Int

    package init(
        id: String, aliases: [String] = [], fields: [String: String], content: ProblemContent, digest: [UInt8],
        line: Int
    ) {
        self.id = id
        self.aliases = aliases
        self.fields = fields
        self.content = content
        self.digest = digest
        self.line = line
    }
}

package enum ProblemContent: Sendable, Equatable {
    case pythonTests(PythonProblem)
    case programOutput(ProgramProblem)
    /// The reference answer as the row has it, before normalisation.
    case exactMatch(answer: String)
}

/// A problem judged by what a whole Python program prints for given inputs.
package struct ProgramProblem: Sendable, Equatable {
    package struct Case: Sendable, Equatable {
        /// What the program finds on its standard input.
        package var input: String
        /// What it must print, white space at the end of lines and of the text aside.
        package var output: String
    }

    /// A Python program that passes every case; empty where the set has none.
    package var solution: String
    package var cases: [Case]
}

/// A problem judged by running assertions on a program.
package struct PythonProblem: Sendable, Equatable {
    /// Language of the program, by its name in the box's table of languages.
    package var language = "python"
    /// What stands before a completion-style answer to make it a program; empty where answers are whole programs.
    package var prefix: String
    package var entryPoint: String?
    /// A whole program that passes the tests; empty where the set has none.
    package var solution: String
    /// Runs after the candidate and before the tests.
    package var setup: String
    package var tests: [String]
}
