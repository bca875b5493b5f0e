/// A strict JSON (RFC 8259) parser for hostile files: nesting and the number of values are capped, duplicate keys,
/// NaN, invalid UTF-8 and anything after the value are refused. Foundation's decoder recurses without a cap and lets
/// the last of duplicate keys win.
package struct JSONParser {
    /// What becomes of `\ud800` without its other half, which no text can hold.
    package enum HalfPairs: Sendable { case refused, replaced }

    private static let depthCap = 64
    private static let valueCap = 16_000_000

    private let bytes: UnsafeRawBufferPointer
    private let halfPairs: HalfPairs
    private var position = 0
    private var line: Int
    private var valueCount = 0

    /// Parses one document.
    ///
    /// - Parameters:
    ///   - line: number of the line that the first byte stands in.
    ///   - halfPairs: `replaced` puts U+FFFD in place of half a surrogate pair, as data sets written by Python have.
    /// - Throws: `JSONFault` naming byte and line.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, line: Int = 1, halfPairs: HalfPairs = .refused
    ) throws(JSONFault) -> JSONValue {
        var parser = JSONParser(bytes, line: line, halfPairs: halfPairs)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.next == nil else { throw parser.invalid("the end of the JSON text") }
        return value
    }

    /// The same for bytes in an array.
    package static func parse(
        _ bytes: ArraySlice<UInt8>, line: Int = 1, halfPairs: HalfPairs = .refused
    ) throws(JSONFault) -> JSONValue {
        try bytes.withUnsafeBytes { buffer in
            Result { () throws(JSONFault) in try parse(buffer, line: line, halfPairs: halfPairs) }
        }.get()
    }

    private init(_ bytes: UnsafeRawBufferPointer, line: Int, halfPairs: HalfPairs) {
        self.bytes = bytes
        self.line = line
        self.halfPairs = halfPairs
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func fault(_ problem: String, expected: String = "", found: String = "") -> JSONFault {
        JSONFault(problem: problem, expected: expected, found: found, line: line)
    }

    private func invalid(_ expected: String) -> JSONFault {
        let rest = bytes[min(position, bytes.count)...].prefix(8)
        let found = rest.isEmpty ? "the end of the text" : Escaping.quoted(String(decoding: rest, as: UTF8.self))
        return fault("invalid JSON at byte \(position)", expected: expected, found: found)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            if byte == 0x0A { line += 1 }
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth < Self.depthCap else {
            throw fault("JSON nesting too deep at byte \(position)", expected: "at most \(Self.depthCap) levels")
        }
        valueCount += 1
        guard valueCount <= Self.valueCap else {
            throw fault("too many JSON values", expected: "at most \(Self.valueCap)")
        }
        let start = line
        return JSONValue(try content(depth: depth), line: start)
    }

    private mutating func content(depth: Int) throws(JSONFault) -> JSONValue.Content {
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case .some(let byte) where byte == UInt8(ascii: "-") || Self.isDigit(byte): return .number(try number())
        default: throw invalid("a value")
        }
    }

    private mutating func literal(
        _ word: StaticString, _ content: JSONValue.Content
    ) throws(JSONFault) -> JSONValue.Content {
        let count = word.utf8CodeUnitCount
        let rest = bytes[position...].prefix(count)
        guard rest.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count)) else {
            throw invalid("'\(word)'")
        }
        position += count
        return content
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue.Content {
        var entries: [(key: String, value: JSONValue)] = []
        position += 1
        skipSpace()
        if next != UInt8(ascii: "}") {
            while true {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { throw invalid("a key in double quotes") }
                let key = try string()
                skipSpace()
                guard next == UInt8(ascii: ":") else { throw invalid("':'") }
                position += 1
                skipSpace()
                entries.append((key, try value(depth: depth + 1)))
                skipSpace()
                guard next == UInt8(ascii: ",") else { break }
                position += 1
            }
            guard next == UInt8(ascii: "}") else { throw invalid("',' or '}'") }
        }
        position += 1
        var duplicate = ""
        guard let object = JSONObject(entries, duplicate: &duplicate) else {
            throw fault("key \(Escaping.quoted(duplicate)) occurs twice in the JSON object before byte \(position)")
        }
        return .object(object)
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue.Content {
        var values: [JSONValue] = []
        position += 1
        skipSpace()
        if next != UInt8(ascii: "]") {
            while true {
                skipSpace()
                values.append(try value(depth: depth + 1))
                skipSpace()
                guard next == UInt8(ascii: ",") else { break }
                position += 1
            }
            guard next == UInt8(ascii: "]") else { throw invalid("',' or ']'") }
        }
        position += 1
        return .array(values)
    }

    private mutating func number() throws(JSONFault) -> String {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let firstDigit = next
        let whole = digits()
        guard whole > 0 else { throw invalid("a digit") }
        guard whole == 1 || firstDigit != UInt8(ascii: "0") else { throw invalid("a number without leading zeros") }
        if next == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else { throw invalid("a digit after the point") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw invalid("a digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw invalid("a number that a double can hold") }
        return text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, Self.isDigit(byte) { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        var text = ""
        while true {
            switch next {
            case UInt8(ascii: "\""):
                position += 1
                return text
            case UInt8(ascii: "\\"):
                position += 1
                text.unicodeScalars.append(try escape())
            case .some(let byte) where byte >= 0x20: text += try run()
            case .some: throw invalid("no bare control character in a string")
            case nil: throw invalid("the end of the string")
            }
        }
    }

    /// The part of a string up to its end or the next escape.
    private mutating func run() throws(JSONFault) -> String {
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
            throw fault("invalid UTF-8 in a JSON string at byte \(start)")
        }
        return text
    }

    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        guard let letter = next else { throw invalid("an escape") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try escapedScalar()
        default: throw invalid("a known escape")
        }
    }

    private mutating func escapedScalar() throws(JSONFault) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let mark = position
        if UTF16.isLeadSurrogate(unit), bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            let trail = try hexadecimal()
            if UTF16.isTrailSurrogate(trail) { return UTF16.decode(UTF16.EncodedScalar([unit, trail])) }
        }
        position = mark
        guard halfPairs == .replaced else { throw invalid("a surrogate pair") }
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw invalid("four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
