/// A sentence for the user: what is wrong, where, and what mends it.
package struct EvaluationError: Error, CustomStringConvertible, Sendable, Equatable {
    /// What the command makes of the error.
    package enum Kind: Sendable, Equatable {
        /// A data set, samples file or earlier run that cannot be used (exit 65).
        case badInput
        /// Something this host lacks: data that has to be fetched, a program (exit 69).
        case unavailable
        /// Results could not be written (exit 74).
        case cannotWrite
    }

    package var kind: Kind
    package var message: String
    package var description: String { message }

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}

/// A place in a text file, as it is printed: `file:line`.
package struct FilePlace: Sendable, Equatable, CustomStringConvertible {
    package var file: String
    package var line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    package var description: String { "\(file):\(line)" }

    /// A bad-input error at this place.
    package func error(_ message: String) -> EvaluationError {
        EvaluationError(.badInput, "\(description): \(message)")
    }
}

extension String {
    /// The text as it may be shown on a terminal: control characters escaped, at most `limit` characters.
    package func printable(limit: Int = 80) -> String {
        var shown = ""
        for scalar in unicodeScalars.prefix(limit) {
            shown += scalar.value < 32 || scalar.value == 127 ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return unicodeScalars.count > limit ? shown + "…" : shown
    }
}
