/// A strict JSON reader (RFC 8259) that reports lines, refuses duplicate keys and bounds depth.
package struct JSONParser {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var line: Int
    private let file: String
    private static let maximumDepth = 64

    private init(_ bytes: ArraySlice<UInt8>, file: String, line: Int) {
        self.bytes = bytes
        self.position = bytes.startIndex
        self.line = line
        self.file = file
    }

    /// Parses one document.
    /// - Parameter line: line number of the first byte in `file`.
    /// - Throws: `EvaluationError` naming file, line and byte.
    package static func parse(_ bytes: ArraySlice<UInt8>, file: String, line: Int = 1) throws(EvaluationError)
        -> JSONNode
    {
        var parser = JSONParser(bytes, file: file, line: line)
        parser.skipSpace()
        let node = try parser.value(depth: 0)
        parser.skipSpace()
        if parser.position < bytes.endIndex { throw parser.failure("text after the JSON value") }
        return node
    }

    private func failure(_ what: String) -> EvaluationError {
        FilePlace(file: file, line: line).error(
            "not JSON: \(what) at byte \(position - bytes.startIndex); write valid JSON there")
    }

    private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            if byte == 0x0A { line += 1 }
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(EvaluationError) -> JSONNode {
        if depth > Self.maximumDepth { throw failure("more than \(Self.maximumDepth) nested levels") }
        let start = line
        guard let byte = peek else { throw failure("the text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return JSONNode(.object(try members(depth: depth)), line: start)
        case UInt8(ascii: "["): return JSONNode(.array(try elements(depth: depth)), line: start)
        case UInt8(ascii: "\""): return JSONNode(.string(try string()), line: start)
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return JSONNode(.number(try number()), line: start)
        }
    }

    private mutating func literal(_ text: String, _ value: JSONValue) throws(EvaluationError) -> JSONNode {
        guard bytes[position...].starts(with: text.utf8) else { throw failure("an unknown word") }
        position += text.utf8.count
        return JSONNode(value, line: line)
    }

    private mutating func members(depth: Int) throws(EvaluationError) -> [JSONMember] {
        var members: [JSONMember] = []
        var seen: Set<String> = []
        position += 1
        skipSpace()
        if peek == UInt8(ascii: "}") {
            position += 1
            return members
        }
        while true {
            guard peek == UInt8(ascii: "\"") else { throw failure("no key in double quotes") }
            let key = try string()
            if !seen.insert(key).inserted { throw failure("key \"\(key.printable())\" occurs twice") }
            skipSpace()
            guard peek == UInt8(ascii: ":") else { throw failure("no colon after key \"\(key.printable())\"") }
            position += 1
            skipSpace()
            members.append(JSONMember(key: key, node: try value(depth: depth + 1)))
            skipSpace()
            guard let byte = peek, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else {
                throw failure("no comma or closing brace")
            }
            position += 1
            if byte == UInt8(ascii: "}") { return members }
            skipSpace()
        }
    }

    private mutating func elements(depth: Int) throws(EvaluationError) -> [JSONNode] {
        var elements: [JSONNode] = []
        position += 1
        skipSpace()
        if peek == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            guard let byte = peek, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else {
                throw failure("no comma or closing bracket")
            }
            position += 1
            if byte == UInt8(ascii: "]") { return elements }
            skipSpace()
        }
    }

    private mutating func number() throws(EvaluationError) -> String {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let first = peek
        let whole = skipDigits()
        if whole == 0 || (whole > 1 && first == UInt8(ascii: "0")) {
            position = start
            throw failure("something that is no value")
        }
        if peek == UInt8(ascii: ".") {
            position += 1
            if skipDigits() == 0 { throw failure("no digit after the decimal point") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            if skipDigits() == 0 { throw failure("no digit in the exponent") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, byte >= 0x30, byte <= 0x39 { position += 1 }
        return position - start
    }

    private mutating func string() throws(EvaluationError) -> String {
        position += 1
        var text: [UInt8] = []
        while true {
            let run = position
            while let byte = peek, byte != 0x22, byte != 0x5C, byte >= 0x20 { position += 1 }
            text += bytes[run..<position]
            guard let byte = peek else { throw failure("a string without its closing quote") }
            if byte < 0x20 { throw failure("a bare control character in a string (write \\n, \\t, …)") }
            position += 1
            if byte == 0x22 { break }
            try escape(into: &text)
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw failure("a string that is not UTF-8")
        }
        return string
    }

    private mutating func escape(into text: inout [UInt8]) throws(EvaluationError) {
        guard let byte = peek else { throw failure("a string that ends in a backslash") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += Array(String(try escapedScalar()).utf8)
        default: throw failure("an unknown escape")
        }
    }

    /// Surrogate pairs are joined; half a pair, which no text can hold, becomes U+FFFD.
    private mutating func escapedScalar() throws(EvaluationError) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let unit = try hexUnit()
        guard UTF16.isLeadSurrogate(unit) else { return Unicode.Scalar(unit) ?? replacement }
        let mark = position
        guard bytes[position...].starts(with: "\\u".utf8) else { return replacement }
        position += 2
        let trail = try hexUnit()
        guard UTF16.isTrailSurrogate(trail) else {
            position = mark
            return replacement
        }
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    private mutating func hexUnit() throws(EvaluationError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("\\u without four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
