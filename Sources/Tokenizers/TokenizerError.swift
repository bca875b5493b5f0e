import ForeignText

/// What is wrong with a tokenizer file, a vocabulary or a chat template: one sentence naming place and mend.
package struct TokenizerError: Error, CustomStringConvertible, Sendable, Equatable {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}

/// `text` as an error shows it: quoted, control characters escaped, at most 60 characters.
func quoted(_ text: String) -> String { Escaping.quoted(text, limit: 60) }
