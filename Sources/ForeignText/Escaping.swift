/// Makes text from a file safe to print on a terminal: one line, no control or invisible formatting characters.
package enum Escaping {
    /// The text with backslashes, control, format (bidirectional overrides among them), separator, surrogate and
    /// private-use characters as `\u{…}`, cut after `limit` characters with an ellipsis.
    package static func line(_ text: String, limit: Int = 160) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit { return result + "…" }
            count += 1
            if scalar == "\\" {
                result += "\\\\"
            } else if isPlain(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }

    /// The escaped text in single quotes, as names appear in messages.
    package static func quoted(_ text: String, limit: Int = 160) -> String { "'\(line(text, limit: limit))'" }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7f }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }
}
