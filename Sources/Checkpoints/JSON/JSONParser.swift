import Foundation

/// A strict JSON (RFC 8259) parser for hostile files: nesting and the number of values are capped, duplicate keys,
/// NaN, invalid UTF-8 and anything after the value are refused. Foundation's decoder recurses without a cap and lets
/// the last of duplicate keys win.
struct JSONParser {
    static let depthCap = 64
    static let valueCap = 16_000_000

    private var cursor: ByteCursor
    private var valueCount = 0

    /// Parses `bytes`. Throws `CheckpointError` naming the byte position.
    static func parse(_ bytes: UnsafeRawBufferPointer, file: String, place: String = "") throws -> JSONValue {
        var parser = JSONParser(cursor: ByteCursor(bytes, file: file, place: place))
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.cursor.remaining == 0 else { throw parser.invalid("the end of the JSON text") }
        return value
    }

    /// Parses a whole file of at most `limit` bytes whose top level is an object.
    static func object(in url: URL, limit: Int) throws -> JSONObject {
        let file = try MappedFile(url, limit: limit)
        let value = try file.withBytes { try parse($0, file: file.name) }
        guard let object = value.object else {
            throw CheckpointError("the JSON text is not an object", file: file.name, found: value.summary)
        }
        return object
    }

    private init(cursor: ByteCursor) { self.cursor = cursor }

    private var next: UInt8? { cursor.remaining > 0 ? cursor.bytes[cursor.position] : nil }

    private func invalid(_ expected: String) -> CheckpointError {
        let rest = cursor.bytes[cursor.position...].prefix(8)
        let found = rest.isEmpty ? "the end of the text" : Escaping.quoted(String(decoding: rest, as: UTF8.self))
        return cursor.fault("invalid JSON at byte \(cursor.position)", expected: expected, found: found)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { advance() }
    }

    private mutating func advance() { try? cursor.skip(1) }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth < Self.depthCap else {
            throw cursor.fault(
                "JSON nesting too deep at byte \(cursor.position)", expected: "at most \(Self.depthCap) levels")
        }
        valueCount += 1
        guard valueCount <= Self.valueCap else {
            throw cursor.fault("too many JSON values", expected: "at most \(Self.valueCap)")
        }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case .some(let byte) where byte == UInt8(ascii: "-") || Self.isDigit(byte): return try number()
        default: throw invalid("a value")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        let count = word.utf8CodeUnitCount
        let rest = cursor.bytes[cursor.position...].prefix(count)
        guard rest.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count)) else {
            throw invalid("'\(word)'")
        }
        try cursor.skip(count)
        return value
    }

    private mutating func object(depth: Int) throws -> JSONValue {
        var entries: [(key: String, value: JSONValue)] = []
        advance()
        skipSpace()
        if next == UInt8(ascii: "}") {
            advance()
        } else {
            while true {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { throw invalid("a key in double quotes") }
                let key = try string()
                skipSpace()
                guard next == UInt8(ascii: ":") else { throw invalid("':'") }
                advance()
                entries.append((key, try value(depth: depth + 1)))
                skipSpace()
                if next == UInt8(ascii: ",") { advance() } else { break }
            }
            guard next == UInt8(ascii: "}") else { throw invalid("',' or '}'") }
            advance()
        }
        var duplicate = ""
        guard let object = JSONObject(entries, duplicate: &duplicate) else {
            throw cursor.fault("duplicate key \(Escaping.quoted(duplicate)) in the JSON text")
        }
        return .object(object)
    }

    private mutating func array(depth: Int) throws -> JSONValue {
        var values: [JSONValue] = []
        advance()
        skipSpace()
        if next == UInt8(ascii: "]") {
            advance()
            return .array(values)
        }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if next == UInt8(ascii: ",") { advance() } else { break }
        }
        guard next == UInt8(ascii: "]") else { throw invalid("',' or ']'") }
        advance()
        return .array(values)
    }

    private mutating func number() throws -> JSONValue {
        let start = cursor.position
        var isInteger = true
        if next == UInt8(ascii: "-") { advance() }
        let firstDigit = next
        guard digits() > 0 else { throw invalid("a digit") }
        if firstDigit == UInt8(ascii: "0"), cursor.position - start > (cursor.bytes[start] == UInt8(ascii: "-") ? 2 : 1)
        {
            throw invalid("a number without leading zeros")
        }
        if next == UInt8(ascii: ".") {
            isInteger = false
            advance()
            guard digits() > 0 else { throw invalid("a digit after the point") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isInteger = false
            advance()
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { advance() }
            guard digits() > 0 else { throw invalid("a digit in the exponent") }
        }
        let text = String(decoding: cursor.bytes[start..<cursor.position], as: UTF8.self)
        if isInteger, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw invalid("a number that a double can hold") }
        return isInteger ? .hugeInteger(value) : .number(value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func digits() -> Int {
        var count = 0
        while let byte = next, Self.isDigit(byte) {
            advance()
            count += 1
        }
        return count
    }

    private mutating func string() throws -> String {
        advance()
        var text = ""
        while true {
            switch next {
            case UInt8(ascii: "\""):
                advance()
                return text
            case UInt8(ascii: "\\"):
                text.unicodeScalars.append(try escape())
            case .some(let byte) where byte >= 0x20:
                let from = cursor.position
                var to = from
                while to < cursor.bytes.count {
                    let byte = cursor.bytes[to]
                    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
                    to += 1
                }
                text += try utf8(from..<to)
                try cursor.seek(to)
            default: throw invalid("the end of the string")
            }
        }
    }

    private func utf8(_ range: Range<Int>) throws -> String {
        guard let text = String(validating: cursor.bytes[range], as: UTF8.self) else {
            throw cursor.fault("invalid UTF-8 in a JSON string at byte \(range.lowerBound)")
        }
        return text
    }

    private mutating func escape() throws -> Unicode.Scalar {
        advance()
        let letter = next
        guard letter != nil else { throw invalid("an escape") }
        advance()
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            if let scalar = Unicode.Scalar(first) { return scalar }
            guard first < 0xdc00, next == UInt8(ascii: "\\") else { throw invalid("a surrogate pair") }
            advance()
            guard next == UInt8(ascii: "u") else { throw invalid("a surrogate pair") }
            advance()
            let second = try hexadecimal()
            guard (0xdc00...0xdfff).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
            else { throw invalid("a surrogate pair") }
            return scalar
        default: throw invalid("a known escape")
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        let digits = try cursor.take(4)
        var value: UInt32 = 0
        for digit in digits {
            guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else {
                throw invalid("four hexadecimal digits")
            }
            value = value << 4 | UInt32(number)
        }
        return value
    }
}
