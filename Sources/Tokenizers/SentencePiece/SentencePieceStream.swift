/// What decoding needs to know of a sentencepiece vocabulary.
struct SentencePieceDecoding: Sendable {
    let model: SentencePieceModel
    /// Tokens beyond the pieces.
    let extra: [Int: String]
    /// Tokens with a role: written verbatim, not through sentencepiece.
    let named: Set<Int>
    /// What `skipSpecial` leaves out: transformers 4.31 skips the named tokens only.
    let skipped: Set<Int>
    let legacySpacing: Bool

    /// A piece's text with U+2581 as spaces.
    static func surface(_ piece: some StringProtocol) -> String {
        String(scalars: piece.unicodeScalars.map { $0 == "\u{2581}" ? " " : $0 })
    }
}

/// Decodes as transformers 4.31 does: runs of pieces through sentencepiece, special tokens verbatim between them.
///
/// A space goes before a run of pieces that a named special token follows, so with `skipSpecial` off a run is held back
/// until it ends. With `skipSpecial` on, as for generated text, nothing but unfinished characters is.
struct SentencePieceStream: TokenTextStream {
    private let decoding: SentencePieceDecoding
    private let skipSpecial: Bool
    private var run = PieceRun()
    /// Text of the present run while it may still get a space before it.
    private var held = ""
    private var hasOutput = false
    /// Tokens since the last added token beyond the pieces.
    private var groupLength = 0
    private var previousIsNamed = false

    init(decoding: SentencePieceDecoding, skipSpecial: Bool) {
        self.decoding = decoding
        self.skipSpecial = skipSpecial
    }

    private var holds: Bool { decoding.legacySpacing && !skipSpecial }

    mutating func append(_ id: Int) -> String {
        if skipSpecial, decoding.skipped.contains(id) { return "" }
        if let content = decoding.extra[id] { return addExtra(content) }
        guard decoding.model.pieces.indices.contains(id) else { return "" }
        var output = ""
        if groupLength == 0 {
            output = separator()
            previousIsNamed = false
        }
        let piece = decoding.model.pieces[id]
        if decoding.named.contains(id) {
            if decoding.legacySpacing, !previousIsNamed, groupLength > 0 { output += " " }
            output += endRun() + piece.text
            previousIsNamed = true
        } else {
            let text = run.append(piece, model: decoding.model)
            if holds { held += text } else { output += text }
            previousIsNamed = false
        }
        groupLength += 1
        return output
    }

    mutating func finish() -> String { endRun() }

    private mutating func addExtra(_ content: String) -> String {
        let output = endRun() + separator() + content
        groupLength = 0
        return output
    }

    private mutating func separator() -> String {
        defer { hasOutput = true }
        return hasOutput && decoding.legacySpacing ? " " : ""
    }

    private mutating func endRun() -> String {
        defer {
            held = ""
            run = PieceRun()
        }
        return held + run.finish()
    }
}

/// Decodes pieces as sentencepiece's `Decode` does: the dummy space goes, bytes join to characters.
private struct PieceRun: Sendable {
    private var bytes = UTF8Stream(repair: .everyByte)
    private var isBeginning = true
    private var sawDummySpace = false
    private var isEmpty = true

    mutating func append(_ piece: SentencePieceModel.Piece, model: SentencePieceModel) -> String {
        if piece.type == .byte, let byte = SentencePieceEncoder.byte(of: piece.text) {
            isEmpty = false
            return bytes.append(CollectionOfOne(byte))
        }
        let before = bytes.flush()
        if sawDummySpace || !isEmpty { isBeginning = false }
        sawDummySpace = false
        var text: String
        switch piece.type {
        case .control: text = ""
        case .unknown: text = model.unknownSurface
        default:
            var scalars = piece.text.unicodeScalars[...]
            if isBeginning, model.addsDummyPrefix || model.removesExtraWhitespace, scalars.first == "\u{2581}" {
                scalars = scalars.dropFirst()
                sawDummySpace = !model.removesExtraWhitespace
            }
            text = SentencePieceDecoding.surface(Substring(scalars))
        }
        if !text.isEmpty { isEmpty = false }
        return before + text
    }

    mutating func finish() -> String { bytes.flush() }
}
