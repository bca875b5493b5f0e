/// A piece of a template source.
enum TemplateSegment {
    case text(String)
    /// `{{ … }}`
    case output([TemplateToken])
    /// `{% … %}`
    case block([TemplateToken], line: Int)
}

struct TemplateToken {
    enum Kind: Equatable {
        case name(String)
        case string(String)
        case integer(Int)
        case double(Double)
        case symbol(String)
    }

    var kind: Kind
    var line: Int
}

/// Cuts a template into text and tags with the whitespace rules that chat templates are written for: Jinja's with
/// `trim_blocks` and `lstrip_blocks`.
struct TemplateLexer {
    private enum Tag {
        case output
        case block
        case comment

        var end: (Unicode.Scalar, Unicode.Scalar) {
            switch self {
            case .output: ("}", "}")
            case .block: ("%", "}")
            case .comment: ("#", "}")
            }
        }
    }

    private let source: [Unicode.Scalar]
    private var position = 0
    private var line = 1
    /// Whether the text at hand begins at the beginning of a line.
    private var startsLine = true

    /// Published templates are below 20 KB.
    static let maximumSize = 1 << 18

    private init(_ source: [Unicode.Scalar]) { self.source = source }

    /// - Throws: `TokenizerError` with the line of what cannot be read.
    static func segments(_ source: String) throws -> [TemplateSegment] {
        guard source.utf8.count <= maximumSize else {
            throw TokenizerError(
                "chat template: \(source.utf8.count) bytes, expected at most \(maximumSize); use the model's own")
        }
        var scalars: [Unicode.Scalar] = []
        for scalar in source.unicodeScalars {
            // Line ends become \n.
            if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
            scalars.append(scalar)
        }
        scalars = scalars.map { $0 == "\r" ? "\n" : $0 }
        if scalars.last == "\n" { scalars.removeLast() }
        var lexer = TemplateLexer(scalars)
        return try lexer.run()
    }

    private func failure(_ what: String) -> TokenizerError { TemplateNode.failure(what, line: line) }

    private func has(_ first: Unicode.Scalar, _ second: Unicode.Scalar, at offset: Int = 0) -> Bool {
        position + offset + 1 < source.count && source[position + offset] == first
            && source[position + offset + 1] == second
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < source.count {
            if source[position] == "\n" { line += 1 }
            position += 1
        }
    }

    private mutating func run() throws -> [TemplateSegment] {
        var segments: [TemplateSegment] = []
        while position < source.count {
            let start = position
            var tag: Tag?
            while position < source.count {
                if has("{", "{") { tag = .output }
                if has("{", "%") { tag = .block }
                if has("{", "#") { tag = .comment }
                if tag != nil { break }
                advance()
            }
            var text = source[start..<position]
            guard let tag else {
                segments.append(.text(String(scalars: text)))
                break
            }
            let tagLine = line
            advance(2)
            trimBefore(tag, &text)
            if !text.isEmpty { segments.append(.text(String(scalars: text))) }
            startsLine = false
            switch tag {
            case .comment: try skipComment()
            case .output: segments.append(.output(try tokens(until: tag)))
            case .block: segments.append(.block(try tokens(until: tag), line: tagLine))
            }
        }
        return segments
    }

    /// Applies `{%-`, `{%+` and `lstrip_blocks` to the text before a tag.
    private mutating func trimBefore(_ tag: Tag, _ text: inout ArraySlice<Unicode.Scalar>) {
        let sign = position < source.count ? source[position] : " "
        if sign == "-" {
            advance()
            while text.last?.isStrippedSpace ?? false { text.removeLast() }
        } else if sign == "+", tag != .output {
            advance()
        } else if tag != .output {
            let lineStart = text.lastIndex(of: "\n").map { $0 + 1 } ?? (startsLine ? text.startIndex : nil)
            if let lineStart, text[lineStart...].allSatisfy(\.isStrippedSpace) { text = text[..<lineStart] }
        }
    }

    /// Steps over the end of a tag if it is here; the whitespace rules decide what goes with it.
    private mutating func consumeEnd(_ tag: Tag) -> Bool {
        let (first, second) = tag.end
        if has("-", first), position + 2 < source.count, source[position + 2] == second {
            advance(3)
            while position < source.count, source[position].isStrippedSpace { advance() }
            return true
        }
        let keeps = tag != .output && has("+", first) && position + 2 < source.count && source[position + 2] == second
        guard keeps || has(first, second) else { return false }
        advance(keeps ? 3 : 2)
        if tag != .output, !keeps, position < source.count, source[position] == "\n" {
            advance()
            startsLine = true
        }
        return true
    }

    private mutating func skipComment() throws {
        let start = line
        while position < source.count {
            if consumeEnd(.comment) { return }
            advance()
        }
        throw TemplateNode.failure("a comment without its end '#}'", line: start)
    }

    private mutating func tokens(until tag: Tag) throws -> [TemplateToken] {
        var tokens: [TemplateToken] = []
        var open: [Unicode.Scalar] = []
        let start = line
        while position < source.count {
            if source[position].isStrippedSpace {
                advance()
                continue
            }
            if open.isEmpty, consumeEnd(tag) { return tokens }
            let tokenLine = line
            let kind = try token()
            if case .symbol(let symbol) = kind, let scalar = symbol.unicodeScalars.first {
                if ["(", "[", "{"].contains(scalar) { open.append(scalar) }
                if [")", "]", "}"].contains(scalar) {
                    let partner: [Unicode.Scalar: Unicode.Scalar] = [")": "(", "]": "[", "}": "{"]
                    guard open.popLast() == partner[scalar] else { throw failure("an unexpected '\(symbol)'") }
                }
            }
            tokens.append(TemplateToken(kind: kind, line: tokenLine))
        }
        throw TemplateNode.failure("a tag without its end", line: start)
    }

    private mutating func token() throws -> TemplateToken.Kind {
        let scalar = source[position]
        if scalar == "'" || scalar == "\"" { return .string(try string(scalar)) }
        if ("0"..."9").contains(scalar) { return try number() }
        if scalar == "_" || CharacterClass(scalar) == .letter {
            let start = position
            while position < source.count,
                source[position] == "_" || [.letter, .number].contains(CharacterClass(source[position]))
            {
                advance()
            }
            return .name(String(scalars: source[start..<position]))
        }
        for symbol in ["**", "//", "==", "!=", "<=", ">="] {
            let pair = Array(symbol.unicodeScalars)
            if has(pair[0], pair[1]) {
                advance(2)
                return .symbol(symbol)
            }
        }
        guard "+-*/%~()[]{}<>=.,:|".unicodeScalars.contains(scalar) else {
            throw failure("an unexpected character \(quoted(String(scalar)))")
        }
        advance()
        return .symbol(String(scalar))
    }

    private mutating func number() throws -> TemplateToken.Kind {
        let start = position
        func isDigit(_ index: Int) -> Bool { index < source.count && ("0"..."9").contains(source[index]) }
        while isDigit(position) || (position < source.count && source[position] == "_" && isDigit(position + 1)) {
            advance()
        }
        var isInteger = true
        if position < source.count, source[position] == ".", isDigit(position + 1) {
            isInteger = false
            advance()
            while isDigit(position) { advance() }
        }
        let text = String(scalars: source[start..<position].filter { $0 != "_" })
        if isInteger {
            guard let value = Int(text) else { throw failure("the number \(quoted(text)) is out of range") }
            return .integer(value)
        }
        guard let value = Double(text), value.isFinite else {
            throw failure("the number \(quoted(text)) is out of range")
        }
        return .double(value)
    }

    private mutating func string(_ quote: Unicode.Scalar) throws -> String {
        let start = line
        advance()
        var text: [Unicode.Scalar] = []
        while position < source.count {
            let scalar = source[position]
            advance()
            if scalar == quote { return String(scalars: text) }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard position < source.count else { break }
            let escaped = source[position]
            advance()
            switch escaped {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case "r": text.append("\r")
            case "\\", "'", "\"": text.append(escaped)
            case "\n": break
            case "x": text.append(try hexadecimal(2))
            case "u": text.append(try hexadecimal(4))
            default: throw failure("the string escape '\\\(escaped)' is not supported")
            }
        }
        throw TemplateNode.failure("a string without its end", line: start)
    }

    private mutating func hexadecimal(_ digits: Int) throws -> Unicode.Scalar {
        let text = String(scalars: source[position..<min(position + digits, source.count)])
        guard text.utf8.count == digits, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw failure("a string escape with \(quoted(text)), expected \(digits) hexadecimal digits") }
        advance(digits)
        return scalar
    }
}
