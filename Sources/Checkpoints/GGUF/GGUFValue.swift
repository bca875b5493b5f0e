import ForeignText

/// Types of GGUF metadata values, by their number in the file.
enum GGUFValueType: UInt32 {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// Bytes of one value; for strings and arrays the least an element can take.
    var minimumBytes: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64, .string: 8
        case .array: 12
        }
    }
}

/// A metadata value. Arrays stay in the file until asked for.
enum GGUFValue {
    case integer(Int)
    /// An unsigned number beyond `Int`.
    case hugeInteger(UInt64)
    case float(Double)
    case bool(Bool)
    /// nil: the bytes are not valid UTF-8.
    case string(String?)
    case array(GGUFArray)

    /// For messages and inspection.
    var summary: String {
        switch self {
        case .integer(let value): "\(value)"
        case .hugeInteger(let value): "\(value)"
        case .float(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let text): text.map { Escaping.quoted($0) } ?? "a string that is not valid UTF-8"
        case .array(let array): "[\(array.count) × \(array.elementType)]"
        }
    }

    /// For display: strings unquoted and unescaped.
    var text: String { if case .string(let text?) = self { text } else { summary } }
}

/// An array of metadata, checked once and decoded on demand.
struct GGUFArray {
    let elementType: GGUFValueType
    let count: Int
    /// Where the elements lie in the file.
    let range: Range<Int>
}

extension ByteCursor {
    /// One value of `type`. Arrays are walked, so that their end is known and everything in them is within the file.
    mutating func ggufValue(_ type: GGUFValueType, depth: Int = 0) throws -> GGUFValue {
        switch type {
        case .uint8: return .integer(Int(try integer(UInt8.self)))
        case .int8: return .integer(Int(try integer(Int8.self)))
        case .uint16: return .integer(Int(try integer(UInt16.self)))
        case .int16: return .integer(Int(try integer(Int16.self)))
        case .uint32: return .integer(Int(try integer(UInt32.self)))
        case .int32: return .integer(Int(try integer(Int32.self)))
        case .uint64:
            let value = try integer(UInt64.self)
            return Int(exactly: value).map { .integer($0) } ?? .hugeInteger(value)
        case .int64: return .integer(Int(try integer(Int64.self)))
        case .float32: return .float(Double(Float(bitPattern: try integer())))
        case .float64: return .float(Double(bitPattern: try integer()))
        case .bool:
            let value = try byte()
            guard value <= 1 else { throw fault("a boolean must be 0 or 1", found: "\(value)") }
            return .bool(value == 1)
        case .string: return .string(String(validating: try ggufBytes(), as: UTF8.self))
        case .array:
            guard depth < 4 else { throw fault("arrays are nested too deep", expected: "at most 4 levels") }
            let elementType = try ggufValueType()
            let count = try ggufCount(integer(), minimumBytes: elementType.minimumBytes, "array length")
            let start = position
            switch elementType {
            case .string: for _ in 0..<count { _ = try ggufBytes() }
            case .array: for _ in 0..<count { _ = try ggufValue(.array, depth: depth + 1) }
            default: try skip(count * elementType.minimumBytes)
            }
            return .array(GGUFArray(elementType: elementType, count: count, range: start..<position))
        }
    }

    mutating func ggufValueType() throws -> GGUFValueType {
        let number = try integer(UInt32.self)
        guard let type = GGUFValueType(rawValue: number) else { throw fault("unknown metadata type \(number)") }
        return type
    }

    /// A length-prefixed run of bytes.
    mutating func ggufBytes() throws -> UnsafeRawBufferPointer {
        try take(try ggufCount(integer(), minimumBytes: 1, "string length"))
    }

    /// A count that what remains of the file can hold.
    func ggufCount(_ raw: UInt64, minimumBytes: Int, _ noun: String) throws -> Int {
        guard let count = Int(exactly: raw), count <= remaining / minimumBytes else {
            throw fault(
                "\(noun) exceeds what the file can hold", expected: "at most \(remaining / minimumBytes)",
                found: "\(raw)")
        }
        return count
    }
}
