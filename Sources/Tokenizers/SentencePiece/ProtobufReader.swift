/// Reads the fields of one protobuf message. Everything is checked against the bytes that are there.
struct ProtobufReader {
    enum Field {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(ArraySlice<UInt8>)
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private let file: String

    init(_ bytes: ArraySlice<UInt8>, file: String) {
        self.bytes = bytes
        self.position = bytes.startIndex
        self.file = file
    }

    /// The next field and its number; nil at the end of the message.
    mutating func next() throws -> (number: Int, field: Field)? {
        guard position < bytes.endIndex else { return nil }
        let key = try varint()
        guard let number = Int(exactly: key >> 3), (1...536_870_911).contains(number) else {
            throw failure("field number \(key >> 3) out of range")
        }
        switch key & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2:
            guard let length = Int(exactly: try varint()), length <= bytes.endIndex - position else {
                throw failure("field \(number) is longer than its message")
            }
            defer { position += length }
            return (number, .bytes(bytes[position..<position + length]))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw failure("wire type \(key & 7) is not supported")
        }
    }

    func failure(_ what: String) -> TokenizerError {
        TokenizerError(
            "\(file): not a sentencepiece model: \(what) at byte \(position); download the file again")
    }

    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < bytes.endIndex else { throw failure("a number is cut short") }
            let byte = bytes[position]
            position += 1
            if shift == 63, byte > 1 { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw failure("a number longer than 64 bits")
    }

    private mutating func fixed(_ count: Int) throws -> UInt64 {
        guard bytes.endIndex - position >= count else { throw failure("a number is cut short") }
        var value: UInt64 = 0
        for offset in 0..<count { value |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
        position += count
        return value
    }
}
