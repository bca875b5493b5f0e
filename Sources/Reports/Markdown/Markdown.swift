/// Pieces of GitHub-flavoured Markdown that hold against any text put into them.
enum Markdown {
    /// Text that stands as it is: nothing in it marks anything up. On one line.
    static func plain(_ text: String) -> String {
        var previous: Character = " "
        return oneLine(text).reduce(into: "") { result, character in
            result += isActive(character, after: previous) ? entity(character) : String(character)
            previous = character
        }
    }

    /// Whether a character could mark something up where it stands. What it cannot stays readable as plain text.
    private static func isActive(_ character: Character, after previous: Character) -> Bool {
        switch character {
        // Within a word these mean nothing.
        case "_", "@", "#": !(previous.isLetter || previous.isNumber)
        // `http://` and `www.` become links of themselves.
        case "/": previous == ":"
        case ".": previous == "w" || previous == "W"
        default: special.contains(character)
        }
    }

    /// Text in the typeface of code, on one line; "–" if there is none.
    static func code(_ text: String, limit: Int = 200) -> String {
        var line = oneLine(text)
        if line.count > limit { line = line.prefix(limit - 1) + "…" }
        if line.isEmpty { return "–" }
        // A code span reads best as plain text too, but cannot hold these inside a table.
        if line.contains(where: { "`|".contains($0) }) { return "<code>\(plain(line))</code>" }
        return "`\(line)`"
    }

    /// A fenced block whose fence no line of the text can close.
    static func block(_ text: String, language: String = "") -> String {
        var longest = 0
        var run = 0
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(text)\n\(fence)"
    }

    /// A table; cells are Markdown already. All columns but the first are aligned as told.
    static func table(_ header: [String], _ rows: [[String]], numeric: Bool = true) -> String {
        let rule = header.indices.map { $0 > 0 && numeric ? "---:" : "---" }
        return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// A part that is folded away unless `open`.
    static func details(_ summary: String, open: Bool, _ content: String) -> String {
        "<details\(open ? " open" : "")>\n<summary>\(summary)</summary>\n\n\(content)\n\n</details>"
    }

    private static let special: Set<Character> = [
        "&", "<", ">", "|", "`", "*", "[", "]", "\\", "~", "$", "!",
    ]

    private static func entity(_ character: Character) -> String {
        character.unicodeScalars.map { "&#\($0.value);" }.joined()
    }

    /// White space becomes single spaces; what would steer the reader's screen or turn the writing direction goes.
    private static func oneLine(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if line.last != " " { line.append(" ") }
            } else if scalar.properties.generalCategory != .control && !isInvisible(scalar) {
                line.append(scalar)
            }
        }
        return String(String(line).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: true
        default: false
        }
    }
}
