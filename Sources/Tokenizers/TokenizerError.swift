/// What is wrong with a tokenizer file, a vocabulary or a chat template: one sentence naming place and mend.
package struct TokenizerError: Error, CustomStringConvertible, Sendable, Equatable {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}

/// `text` as an error shows it: quoted, control characters escaped, at most 60 characters.
func quoted(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60).map { scalar -> String in
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return "'" + shown.joined() + (text.unicodeScalars.count > 60 ? "…" : "") + "'"
}
