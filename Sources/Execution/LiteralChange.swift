/// Another literal in the place of the first one of an expected value.
struct LiteralChange: Equatable {
    var range: Range<Int>
    var bytes: [UInt8]

    private static let words: [(String, String)] = [
        ("True", "False"), ("False", "True"), ("true", "false"), ("false", "true"),
    ]

    private static let literalWords = ["None", "set", "frozenset", "b", "r"]

    /// The change for the value that begins at `start`; nil unless the value is made of literals only, or of nothing that
    /// could be changed.
    /// - Parameter text: the tests. The value ends with its statement, a comma or a closing parenthesis that is not its own.
    static func first(in text: [UInt8], from start: Int, language: String) -> LiteralChange? {
        let isPython = language == "python"
        let scanner = CodeScanner(text: text, isPython: isPython)
        var (at, depth) = (start, 0)
        var change: LiteralChange?
        var previous: UInt8 = 0
        scan: while at < text.count {
            let byte = text[at]
            if let end = scanner.comment(at: at) {
                at = end
                continue
            }
            switch byte {
            case UInt8(ascii: "\n") where depth == 0 && isPython, UInt8(ascii: ";"),
                UInt8(ascii: ",") where depth == 0:
                break scan
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth == 0 { break scan }
                depth -= 1
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                // An element or a call of a literal may not depend on what is changed in it.
                if isPython, scanner.isQuote(previous) || ")]}".utf8.contains(previous) { return nil }
                if !isPython, byte == UInt8(ascii: "["), CodeScanner.isWord(previous) || ")]}".utf8.contains(previous) {
                    return nil
                }
                depth += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard let string = scanner.string(at: at) else { return nil }
                if change == nil { change = longer(text, string.content) }
                at = string.end
                previous = byte
                continue scan
            case _ where CodeScanner.isWord(byte):
                let word = text[at...].prefix(while: { CodeScanner.isWord($0) || $0 == UInt8(ascii: ".") })
                let range = at..<at + word.count
                if CodeScanner.isDigit(byte) {
                    if change == nil { change = otherNumber(text, range) }
                } else if let flip = words.first(where: { word.elementsEqual($0.0.utf8) }) {
                    if change == nil { change = LiteralChange(range: range, bytes: Array(flip.1.utf8)) }
                } else if isPython,
                    !literalWords.contains(where: { word.elementsEqual($0.utf8) })
                {
                    return nil
                }
                at = range.upperBound
                previous = byte
                continue scan
            case UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "|"), UInt8(ascii: "&"):
                return nil
            default: break
            }
            if byte != 0x20, byte != 0x09, byte != 0x0A { previous = byte }
            at += 1
        }
        return change
    }

    /// The number with another first digit; nil for bases other than ten.
    private static func otherNumber(_ text: [UInt8], _ range: Range<Int>) -> LiteralChange? {
        let digits = text[range]
        guard let first = digits.first else { return nil }
        if first == UInt8(ascii: "0"), let second = digits.dropFirst().first, second != UInt8(ascii: ".") { return nil }
        let other = first == UInt8(ascii: "9") ? UInt8(ascii: "8") : first + 1
        return LiteralChange(range: range.lowerBound..<range.lowerBound + 1, bytes: [other])
    }

    /// The string with one of its letters doubled, or with a letter where it has none that can be.
    private static func longer(_ text: [UInt8], _ content: Range<Int>) -> LiteralChange {
        let isPlain = !text[content].contains(UInt8(ascii: "\\"))
        let letters = content.filter { text[$0] < 0x80 && CodeScanner.isWord(text[$0]) }
        guard isPlain, !letters.isEmpty else {
            return LiteralChange(range: content.lowerBound..<content.lowerBound, bytes: [UInt8(ascii: "a")])
        }
        let place = letters[letters.count / 2]
        return LiteralChange(range: place..<place, bytes: [text[place]])
    }
}
