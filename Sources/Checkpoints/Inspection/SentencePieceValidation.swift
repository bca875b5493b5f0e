import ForeignText
import Foundation

/// Structural check of a SentencePiece `tokenizer.model`: a protocol buffer whose field 1, repeated, is a piece
/// (1: text, 2: score, 3: type); fields 2 and 3, how it was trained and how it normalises, follow the pieces. The
/// format has no length of its own, so their presence is what tells a whole file from a truncated one.
enum SentencePieceValidation {
    private static let sizeLimit = 256 << 20

    static func model(_ url: URL) throws -> ModelDescription.Tokenizer {
        let file = try MappedFile(url, limit: sizeLimit)
        return try file.withBytes { bytes in
            var cursor = ByteCursor(bytes, file: file.name)
            var pieces = Set<ExactString>()
            var unknowns = 0
            var specifications = Set<UInt64>()
            while cursor.remaining > 0 {
                let (field, value) = try cursor.protobufField()
                guard field == 1 else {
                    specifications.insert(field)
                    continue
                }
                cursor.place = "piece \(pieces.count)"
                guard case .bytes(let content) = value else { throw cursor.fault("a piece must be a message") }
                let (piece, type) = try Self.piece(content, in: cursor)
                guard pieces.insert(ExactString(piece)).inserted else {
                    throw cursor.fault("duplicate piece \(Escaping.quoted(piece))")
                }
                if type == 2 { unknowns += 1 }
            }
            cursor.place = ""
            guard !pieces.isEmpty else { throw cursor.fault("this is no SentencePiece model: it has no pieces") }
            guard specifications.isSuperset(of: [2, 3]) else {
                throw cursor.fault("the model is truncated: training or normaliser specification missing")
            }
            guard unknowns == 1 else {
                throw cursor.fault("the model must have one unknown piece", found: "\(unknowns)")
            }
            return .init(kind: "SentencePiece", tokens: pieces.count)
        }
    }

    private static func piece(_ bytes: UnsafeRawBufferPointer, in outer: ByteCursor) throws -> (String, UInt64) {
        var cursor = ByteCursor(bytes, file: outer.file, place: outer.place)
        var text: String?
        var type: UInt64 = 1
        while cursor.remaining > 0 {
            switch try cursor.protobufField() {
            case (1, .bytes(let content)):
                text = String(validating: content, as: UTF8.self)
                guard text != nil else { throw cursor.fault("the piece is not valid UTF-8") }
            case (2, .fixed32(let bits)):
                guard Float(bitPattern: bits).isFinite else { throw cursor.fault("the score is not a number") }
            case (3, .varint(let number)):
                guard (1...6).contains(number) else { throw cursor.fault("unknown piece type \(number)") }
                type = number
            case (1...3, _): throw cursor.fault("a field of the piece has the wrong type")
            default: break
            }
        }
        guard let text, !text.isEmpty else { throw cursor.fault("the piece has no text") }
        return (text, type)
    }
}

/// A value on the wire of a protocol buffer.
private enum ProtobufValue {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(UnsafeRawBufferPointer)
    case fixed32(UInt32)
}

extension ByteCursor {
    fileprivate mutating func protobufField() throws -> (field: UInt64, value: ProtobufValue) {
        let tag = try varint()
        let field = tag >> 3
        guard field > 0 else { throw fault("this is no protocol buffer: field number 0 at byte \(position)") }
        switch tag & 7 {
        case 0: return (field, .varint(try varint()))
        case 1: return (field, .fixed64(try integer()))
        case 2:
            guard let count = Int(exactly: try varint()), count <= remaining else {
                throw fault("a field reaches beyond the end of the file")
            }
            return (field, .bytes(try take(count)))
        case 5: return (field, .fixed32(try integer()))
        default: throw fault("this is no protocol buffer: wire type \(tag & 7) at byte \(position)")
        }
    }

    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = try byte()
            guard shift < 63 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw fault("a number is too long at byte \(position)")
    }
}
