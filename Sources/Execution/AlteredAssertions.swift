/// Finds the assertions of Python tests that surely run.
struct PythonAssertions {
    /// Where the expected side of each begins.
    private(set) var operands: [Int] = []

    private struct Line {
        var start: Int
        var end: Int
        var indentation: Int
        /// Whether it follows a semicolon: it may be part of a block on one line.
        var isContinued: Bool
    }

    init(_ text: [UInt8]) {
        let scanner = CodeScanner(text: text, isPython: true)
        guard let lines = Self.logicalLines(scanner) else { return }
        // The heads of the blocks a line is in: their indentation, and whether what is in them surely runs.
        var heads: [(indentation: Int, runs: Bool)] = []
        for line in lines {
            while let last = heads.last, last.indentation >= line.indentation { heads.removeLast() }
            let runs = heads.allSatisfy { $0.runs }
            let words = text[line.start..<line.end]
            if words.starts(with: "assert".utf8), let next = words.dropFirst(6).first, !CodeScanner.isWord(next) {
                let body = Self.unwrapped(scanner, line.start + 6..<line.end)
                if runs, !line.isContinued, let operand = scanner.operand(in: body) { operands.append(operand) }
            } else if words.last == UInt8(ascii: ":") {
                heads.append((line.indentation, runs && Self.surelyRuns(words, in: text)))
            } else if words.starts(with: "return".utf8) || words.starts(with: "raise".utf8) {
                // Nothing after it surely runs.
                if runs { return }
            }
        }
    }

    /// Whether a block's head is that of a function for tests that something calls.
    private static func surelyRuns(_ head: ArraySlice<UInt8>, in text: [UInt8]) -> Bool {
        guard head.starts(with: "def ".utf8) else { return false }
        let name = head.dropFirst(4).prefix(while: CodeScanner.isWord)
        guard name.starts(with: "check".utf8) || name.starts(with: "test".utf8) else { return false }
        // Once where it is defined and once, at the start of a line, where it is called.
        let call = [UInt8(ascii: "\n")] + name + [UInt8(ascii: "(")]
        return text.indices.contains { text[$0] == call[0] && text[$0...].starts(with: call) }
    }

    /// The expression without parentheses that enclose all of it but a message.
    private static func unwrapped(_ scanner: CodeScanner, _ range: Range<Int>) -> Range<Int> {
        let text = scanner.text
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A }
        guard let start = range.first(where: { !isSpace(text[$0]) }), text[start] == UInt8(ascii: "(") else {
            return range
        }
        var (at, depth) = (start, 0)
        while at < range.upperBound {
            if scanner.isQuote(text[at]), let string = scanner.string(at: at) {
                at = string.end
                continue
            }
            if "([{".utf8.contains(text[at]) { depth += 1 }
            if ")]}".utf8.contains(text[at]) { depth -= 1 }
            at += 1
            if depth == 0 {
                let next = text[at..<range.upperBound].first { !isSpace($0) }
                return next == nil || next == UInt8(ascii: ",") ? start + 1..<at - 1 : range
            }
        }
        return range
    }

    /// Statements with their lines joined, without white space and comments around them; nil where a string does not end.
    private static func logicalLines(_ scanner: CodeScanner) -> [Line]? {
        let text = scanner.text
        var lines: [Line] = []
        var at = 0
        var indentation = 0
        while at < text.count {
            let lineStart = at
            let isContinued = at > 0 && text[at - 1] == UInt8(ascii: ";")
            while at < text.count, text[at] == 0x20 || text[at] == 0x09 { at += 1 }
            let start = at
            if !isContinued { indentation = start - lineStart }
            var (depth, end) = (0, at)
            while at < text.count {
                let byte = text[at]
                if scanner.isQuote(byte) {
                    guard let string = scanner.string(at: at) else { return nil }
                    at = string.end
                    end = at
                    continue
                }
                if let commentEnd = scanner.comment(at: at) {
                    at = commentEnd
                    continue
                }
                if "([{".utf8.contains(byte) { depth += 1 }
                if ")]}".utf8.contains(byte) { depth -= 1 }
                let isJoined = byte == 0x0A && at > 0 && text[at - 1] == UInt8(ascii: "\\")
                if depth <= 0, !isJoined, byte == 0x0A || byte == UInt8(ascii: ";") { break }
                at += 1
                if byte != 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { end = at }
            }
            at += 1
            if end > start {
                lines.append(Line(start: start, end: end, indentation: indentation, isContinued: isContinued))
            }
        }
        return lines
    }
}

/// Finds the assertions of tests in a language with braces, `assert(… == …)`, that are at `depth` braces.
struct BracedAssertions {
    private(set) var operands: [Int] = []

    init(_ text: [UInt8], depth wanted: Int) {
        let scanner = CodeScanner(text: text, isPython: false)
        // The row's tests may begin with the brace that closes the prompt's function.
        var at = text.first == UInt8(ascii: "}") ? 1 : 0
        var depth = 0
        while at < text.count {
            let byte = text[at]
            if scanner.isQuote(byte) {
                guard let string = scanner.string(at: at) else { return }
                at = string.end
                continue
            }
            if let end = scanner.comment(at: at) {
                at = end
                continue
            }
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
            let isStart = at == 0 || !CodeScanner.isWord(text[at - 1])
            if isStart, depth == wanted, text[at...].starts(with: "assert(".utf8) {
                guard let end = Self.close(scanner, from: at + 7) else { return }
                if let operand = scanner.operand(in: at + 7..<end) { operands.append(operand) }
                at = end
                continue
            }
            at += 1
        }
    }

    /// The parenthesis that closes one before `start`.
    private static func close(_ scanner: CodeScanner, from start: Int) -> Int? {
        var (at, depth) = (start, 1)
        while at < scanner.text.count {
            if scanner.isQuote(scanner.text[at]) {
                guard let string = scanner.string(at: at) else { return nil }
                at = string.end
                continue
            }
            if scanner.text[at] == UInt8(ascii: "(") { depth += 1 }
            if scanner.text[at] == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return at }
            at += 1
        }
        return nil
    }
}
