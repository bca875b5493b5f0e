/// Text measured in the columns of a terminal.
package enum TerminalText {
    /// Columns a text takes: two for wide East Asian characters and emoji, none for what only modifies its neighbour.
    package static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    /// The text in at most `columns` columns, cut with an ellipsis, without anything that would steer the terminal.
    package static func fitted(_ text: String, _ columns: Int) -> String {
        let clean = printable(text)
        guard width(clean) > columns else { return clean }
        guard columns > 3 else { return String(clean.prefix(0)) }
        var result = ""
        var used = 3
        for character in clean {
            used += width(character)
            if used > columns { break }
            result.append(character)
        }
        return result + "..."
    }

    /// Padded with spaces to `columns`.
    static func padded(_ text: String, _ columns: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, columns - width(text)))
        return right ? space + text : text + space
    }

    /// Without control characters: the names in a report come from files.
    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !isUnprintable($0) }))
    }

    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }

    private static func width(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
