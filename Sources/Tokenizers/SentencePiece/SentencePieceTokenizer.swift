/// What happens to whitespace, newlines included, around added tokens.
package enum AddedTokenWhitespace: Sendable {
    /// Stripped on both sides, as the slow tokenizers of transformers before 4.34 do; Yuan2 was released with those.
    case strip
    /// Kept, as transformers 4.34 and later do.
    case keep
}

/// A sentencepiece BPE model with tokens added, behaving as transformers' slow `LlamaTokenizer` (4.31) does.
struct SentencePieceTokenizer: Tokenizer {
    let encoder: SentencePieceEncoder
    let model: SentencePieceModel
    /// Tokens cut out of the text; each segment between them is encoded on its own, with its own dummy space.
    let added: [AddedToken]
    let splitter: AddedTokenSplitter
    let decoding: SentencePieceDecoding
    let vocabularySize: Int
    let specialTokens: [String: Int]
    let eosTokenIDs: [Int]
    let bosTokenID: Int?
    let addsBOS: Bool
    let summary: String

    /// - Parameters:
    ///   - added: tokens to cut out of texts; those with ids beyond the pieces extend the vocabulary.
    ///   - named: ids of the tokens with a role (bos, eos, unk, sep …).
    ///   - legacySpacing: put spaces around special tokens in decoded text where transformers 4.31 does.
    init(
        model: SentencePieceModel, encoder: SentencePieceEncoder, added: [AddedToken], named: Set<Int>,
        bosTokenID: Int?, eosTokenIDs: [Int], addsBOS: Bool, legacySpacing: Bool, kind: String
    ) {
        self.model = model
        self.encoder = encoder
        self.added = added
        splitter = AddedTokenSplitter(added, stripsSeparators: true)
        let extra = added.filter { $0.id >= model.pieces.count }
        vocabularySize = max(model.pieces.count, (extra.map(\.id).max() ?? -1) + 1)
        specialTokens = Dictionary(added.filter(\.special).map { ($0.content, $0.id) }) { first, _ in first }
        self.bosTokenID = bosTokenID
        self.eosTokenIDs = eosTokenIDs
        self.addsBOS = addsBOS
        decoding = SentencePieceDecoding(
            model: model, extra: Dictionary(extra.map { ($0.id, $0.content) }) { first, _ in first }, named: named,
            skipped: legacySpacing ? named : named.union(added.filter(\.special).map(\.id)),
            legacySpacing: legacySpacing)
        summary =
            "\(kind), \(model.pieces.count) pieces + \(extra.count) added, \(specialTokens.count) special"
            + (model.byteFallback ? ", byte fallback" : "")
    }

    func encode(_ text: String) -> [Int] {
        let scalars = Array(text.unicodeScalars)
        var ids: [Int] = []
        for part in splitter.split(scalars) {
            switch part {
            case .text(let range): ids += encoder.encode(Array(scalars[range]))
            case .token(let id): ids.append(id)
            }
        }
        return ids
    }

    func id(of token: String) -> Int? {
        let bytes = Array(token.utf8)
        if let added = added.first(where: { Array($0.content.utf8) == bytes }) { return added.id }
        if let id = encoder.id(ofPiece: token) { return id }
        return model.pieces.firstIndex { Array($0.text.utf8) == bytes }
    }

    func bytes(of id: Int) -> [UInt8]? {
        if let content = decoding.extra[id] { return Array(content.utf8) }
        guard model.pieces.indices.contains(id) else { return nil }
        let piece = model.pieces[id]
        switch piece.type {
        case .byte: return SentencePieceEncoder.byte(of: piece.text).map { [$0] }
        case .control, .unknown: return Array(piece.text.utf8)
        case .normal, .userDefined, .unused: return Array(SentencePieceDecoding.surface(piece.text).utf8)
        }
    }

    func textStream(skipSpecial: Bool) -> any TokenTextStream {
        SentencePieceStream(decoding: decoding, skipSpecial: skipSpecial)
    }
}
