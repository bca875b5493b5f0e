/// Pieces and settings of a sentencepiece BPE model.
struct SentencePieceModel: Sendable {
    /// The numbers of sentencepiece's and GGUF's token types.
    enum PieceType: Int, Sendable {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    struct Piece: Sendable {
        var text: String
        var score: Float
        var type: PieceType
    }

    var pieces: [Piece]
    var byteFallback: Bool
    var addsDummyPrefix: Bool
    var removesExtraWhitespace: Bool
    /// What an unknown piece decodes to.
    var unknownSurface = " \u{2047} "

    /// Far above any published vocabulary (Gemma: 262,144); keeps ids in 32 bits.
    static let maximumPieces = 1 << 22

    /// Reads a `tokenizer.model` (protobuf message `ModelProto` of sentencepiece).
    ///
    /// - Throws: `TokenizerError` for damaged files and for settings that would change the ids silently.
    init(_ bytes: [UInt8], file: String) throws {
        var pieces: [Piece] = []
        var trainer = TrainerSettings()
        var normalizer = NormalizerSettings()
        var reader = ProtobufReader(bytes[...], file: file)
        while let (number, field) = try reader.next() {
            guard case .bytes(let message) = field else { continue }
            switch number {
            case 1:
                guard pieces.count < Self.maximumPieces else { throw reader.failure("too many pieces") }
                pieces.append(try Self.piece(message, file: file, index: pieces.count))
            case 2: try trainer.read(message, file: file)
            case 3: try normalizer.read(message, file: file)
            default: break
            }
        }
        guard !pieces.isEmpty else { throw reader.failure("no pieces") }
        guard trainer.modelType == 2 else {
            let names = [1: "unigram", 3: "word", 4: "char"]
            throw TokenizerError(
                "\(file): model type \(names[trainer.modelType] ?? "\(trainer.modelType)") is not supported, expected "
                    + "BPE; use a model whose tokenizer is sentencepiece BPE")
        }
        guard !trainer.whitespaceAsSuffix else {
            throw TokenizerError("\(file): treat_whitespace_as_suffix is not supported; use another model")
        }
        guard !normalizer.hasCharacterMap else {
            throw TokenizerError(
                "\(file): normalizer \(quoted(normalizer.name)) rewrites characters, which is not supported; "
                    + "only the normalizer 'identity' is")
        }
        guard normalizer.escapesWhitespace else {
            throw TokenizerError("\(file): escape_whitespaces = false is not supported; use another model")
        }
        self.pieces = pieces
        byteFallback = trainer.byteFallback
        addsDummyPrefix = normalizer.addsDummyPrefix
        removesExtraWhitespace = normalizer.removesExtraWhitespace
        unknownSurface = trainer.unknownSurface ?? unknownSurface
    }

    init(pieces: [Piece], byteFallback: Bool, addsDummyPrefix: Bool, removesExtraWhitespace: Bool) {
        self.pieces = pieces
        self.byteFallback = byteFallback
        self.addsDummyPrefix = addsDummyPrefix
        self.removesExtraWhitespace = removesExtraWhitespace
    }

    private static func piece(_ message: ArraySlice<UInt8>, file: String, index: Int) throws -> Piece {
        var piece = Piece(text: "", score: 0, type: .normal)
        var reader = ProtobufReader(message, file: file)
        while let (number, field) = try reader.next() {
            switch (number, field) {
            case (1, .bytes(let text)):
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw reader.failure("piece \(index) is not UTF-8")
                }
                piece.text = valid
            case (2, .fixed32(let bits)):
                piece.score = Float(bitPattern: bits)
                guard !piece.score.isNaN else { throw reader.failure("piece \(index) has no score (NaN)") }
            case (3, .varint(let value)):
                guard let type = Int(exactly: value).flatMap(PieceType.init(rawValue:)) else {
                    throw reader.failure("piece \(index) has the unknown type \(value)")
                }
                piece.type = type
            default: break
            }
        }
        guard !piece.text.isEmpty else { throw reader.failure("piece \(index) is empty") }
        // Any piece may become an added token.
        guard piece.text.utf8.count <= AddedToken.longestContent else {
            throw reader.failure("piece \(index) is longer than \(AddedToken.longestContent) bytes")
        }
        return piece
    }
}

private struct TrainerSettings {
    var modelType = 1
    var byteFallback = false
    var whitespaceAsSuffix = false
    var unknownSurface: String?

    mutating func read(_ message: ArraySlice<UInt8>, file: String) throws {
        var reader = ProtobufReader(message, file: file)
        while let (number, field) = try reader.next() {
            switch (number, field) {
            case (3, .varint(let value)): modelType = Int(truncatingIfNeeded: value)
            case (24, .varint(let value)): whitespaceAsSuffix = value != 0
            case (35, .varint(let value)): byteFallback = value != 0
            case (44, .bytes(let text)): unknownSurface = String(decoding: text, as: UTF8.self)
            default: break
            }
        }
    }
}

private struct NormalizerSettings {
    var name = ""
    var hasCharacterMap = false
    var addsDummyPrefix = true
    var removesExtraWhitespace = true
    var escapesWhitespace = true

    mutating func read(_ message: ArraySlice<UInt8>, file: String) throws {
        var reader = ProtobufReader(message, file: file)
        while let (number, field) = try reader.next() {
            switch (number, field) {
            case (1, .bytes(let text)): name = String(decoding: text, as: UTF8.self)
            case (2, .bytes(let map)): hasCharacterMap = !map.isEmpty
            case (3, .varint(let value)): addsDummyPrefix = value != 0
            case (4, .varint(let value)): removesExtraWhitespace = value != 0
            case (5, .varint(let value)): escapesWhitespace = value != 0
            default: break
            }
        }
    }
}
