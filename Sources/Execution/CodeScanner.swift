/// Steps over strings and comments of a program text.
struct CodeScanner {
    let text: [UInt8]
    let isPython: Bool

    /// Where the string that begins at `start` (a quote) ends, and where its content lies; nil if it does not end.
    func string(at start: Int) -> (content: Range<Int>, end: Int)? {
        let quote = text[start]
        let isTriple = text[start...].starts(with: [quote, quote, quote])
        let width = isTriple ? 3 : 1
        var at = start + width
        while at < text.count {
            if text[at] == UInt8(ascii: "\\") {
                at += 2
            } else if isTriple ? text[at...].starts(with: [quote, quote, quote]) : text[at] == quote {
                return (start + width..<at, at + width)
            } else if !isTriple, text[at] == UInt8(ascii: "\n") {
                return nil
            } else {
                at += 1
            }
        }
        return nil
    }

    func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// The end of a comment that begins at `at`; nil if none does.
    func comment(at: Int) -> Int? {
        let rest = text[at...]
        if isPython ? rest.first == UInt8(ascii: "#") : rest.starts(with: "//".utf8) {
            return rest.firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        }
        guard !isPython, rest.starts(with: "/*".utf8) else { return nil }
        var end = at + 2
        while end + 1 < text.count, !text[end...].starts(with: "*/".utf8) { end += 1 }
        return min(end + 2, text.count)
    }

    /// Words that make more of an assertion than one comparison.
    private static let otherLogic = ["or", "and", "not", "if", "in", "lambda", "for"]

    static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_")
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
            || isDigit(byte)
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    /// Where the operand on the right of the only comparison of an assertion begins; nil where the assertion is more than
    /// one comparison for equality.
    /// - Parameter range: the assertion's expression, without what encloses it.
    func operand(in range: Range<Int>) -> Int? {
        var (at, depth) = (range.lowerBound, 0)
        var found: Int?
        while at < range.upperBound {
            let byte = text[at]
            if isQuote(byte) {
                guard let string = string(at: at) else { return nil }
                at = string.end
                continue
            }
            if let end = comment(at: at) {
                at = end
                continue
            }
            if "([{".utf8.contains(byte) { depth += 1 }
            if ")]}".utf8.contains(byte) { depth -= 1 }
            if depth == 0 {
                let rest = text[at..<range.upperBound]
                if rest.starts(with: "==".utf8) {
                    guard found == nil else { return nil }
                    found = at + 2
                    at += 2
                    continue
                }
                if "!<>?|&=".utf8.contains(byte) { return nil }
                if isPython, Self.isWord(byte), at == range.lowerBound || !Self.isWord(text[at - 1]) {
                    let word = rest.prefix(while: Self.isWord)
                    if Self.otherLogic.contains(where: { word.elementsEqual($0.utf8) }) { return nil }
                    if word.elementsEqual("is".utf8) {
                        guard found == nil else { return nil }
                        found = at + 2
                    }
                }
                // What follows a comma is the assertion's message.
                if byte == UInt8(ascii: ",") { break }
            }
            at += 1
        }
        return found
    }
}
