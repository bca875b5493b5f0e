import ForeignText

/// What is wrong with a model file, in one sentence: file, place, what was expected and found, and the mend.
package struct CheckpointError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The file as the user named it.
    package let file: String
    /// Where in the file: a tensor, a key, a byte position; empty when the whole file is meant.
    package let place: String
    /// What is wrong, as a short clause.
    package let problem: String
    package let expected: String
    package let found: String
    /// What the user can do about it.
    package let mend: String

    static let defaultMend = "download or convert the model again"

    init(
        _ problem: String, file: String, place: String = "", expected: String = "", found: String = "",
        mend: String = CheckpointError.defaultMend
    ) {
        self.file = file
        self.place = place
        self.problem = problem
        self.expected = expected
        self.found = found
        self.mend = mend
    }

    package var description: String {
        var text = Escaping.line(file, limit: 1024)
        if !place.isEmpty { text += ", \(place)" }
        text += ": \(problem)"
        switch (expected.isEmpty, found.isEmpty) {
        case (false, false): text += " (expected \(expected), found \(found))"
        case (false, true): text += " (expected \(expected))"
        case (true, false): text += " (found \(found))"
        case (true, true): break
        }
        return text + "; \(mend)"
    }
}
