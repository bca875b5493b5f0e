/// What is not JSON in a text, and where. Whoever knows the file makes a message of it.
package struct JSONFault: Error, Sendable, Equatable {
    /// A clause like "invalid JSON at byte 12".
    package let problem: String
    /// Empty where the clause says it.
    package let expected: String
    package let found: String
    /// Line of the place, counted from where the parser was told.
    package let line: Int

    /// The clause with what was expected and found.
    package var description: String {
        switch (expected.isEmpty, found.isEmpty) {
        case (true, true): problem
        case (true, false): "\(problem) (found \(found))"
        case (false, true): "\(problem) (expected \(expected))"
        case (false, false): "\(problem) (expected \(expected), found \(found))"
        }
    }
}
