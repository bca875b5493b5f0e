/// How every published source loads Yuan2's tokenizer: `<eod>` ends a text, and 15 tokens are added.
enum YuanRecipe {
    static let endOfDocument = "<eod>"

    /// In this order: those that are not pieces get the next free ids.
    static let added = [
        "<sep>", "<pad>", "<mask>", "<predict>", "<FIM_SUFFIX>", "<FIM_PREFIX>", "<FIM_MIDDLE>", "<commit_before>",
        "<commit_msg>", "<commit_after>", "<jupyter_start>", "<jupyter_text>", "<jupyter_code>", "<jupyter_output>",
        "<empty_output>",
    ]

    /// Whether a tokenizer of no stated family is Yuan's: its own pieces, which merging cannot reach.
    static func matches(_ encoder: SentencePieceEncoder) -> Bool {
        ["<eod>", "<n>", "<sep>", "<pad>"].allSatisfy { encoder.id(ofPiece: $0) != nil }
    }

    /// - Parameter extends: give tokens that are not pieces the next free ids; otherwise leave them out.
    static func tokenizer(
        model: SentencePieceModel, encoder: SentencePieceEncoder, configuration: TokenizerConfiguration,
        whitespace: AddedTokenWhitespace, extends: Bool = true, file: String
    ) throws -> SentencePieceTokenizer {
        guard let end = encoder.id(ofPiece: endOfDocument) else {
            throw TokenizerError(
                "\(file): no piece '<eod>', expected in every Yuan2 tokenizer; use the tokenizer.model published with "
                    + "the model")
        }
        var tokens = [AddedToken(content: endOfDocument, id: end)]
        var next = model.pieces.count
        for content in added {
            let piece = encoder.id(ofPiece: content)
            guard let id = piece ?? (extends ? next : nil) else { continue }
            if piece == nil { next += 1 }
            let strips = whitespace == .strip
            tokens.append(AddedToken(content: content, id: id, stripsLeft: strips, stripsRight: strips))
        }
        var named: Set<Int> = [end]
        var begin: Int?
        for (id, piece) in model.pieces.enumerated().prefix(3) {
            // `</s>` lost its role to `<eod>`, so in text it is ordinary.
            let isBegin = piece.type == .control && piece.text == configuration.named["bos_token"]?.content ?? "<s>"
            guard isBegin || piece.type == .unknown else { continue }
            tokens.append(AddedToken(content: piece.text, id: id))
            named.insert(id)
            if isBegin { begin = id }
        }
        for (role, token) in configuration.named where role != "eos_token" {
            if let known = tokens.first(where: { $0.content == token.content }) { named.insert(known.id) }
        }
        return SentencePieceTokenizer(
            model: model, encoder: encoder, added: tokens, named: named, bosTokenID: begin, eosTokenIDs: [end],
            addsBOS: false, legacySpacing: true, kind: "SentencePiece BPE (Yuan2)")
    }
}
