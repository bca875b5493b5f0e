/// The tokenizer's part of a GGUF's metadata (`tokenizer.ggml.*`).
package struct GGUFVocabulary: Sendable {
    /// "gpt2" (byte-level BPE) or "llama" (sentencepiece BPE).
    package var model: String
    /// Name of the pre-tokenizer.
    package var pre: String?
    package var tokens: [String]
    /// One a token ("llama" only, else empty).
    package var scores: [Float]
    /// One a token: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte.
    package var types: [Int]
    /// Pairs "a b", best first ("gpt2" only, else empty).
    package var merges: [String]
    package var bosID: Int?
    package var eosID: Int?
    package var unkID: Int?
    package var padID: Int?
    package var addBOS: Bool?
    package var addSpacePrefix: Bool?
    package var chatTemplate: String?

    package init(
        model: String, pre: String?, tokens: [String], scores: [Float], types: [Int], merges: [String], bosID: Int?,
        eosID: Int?, unkID: Int?, padID: Int?, addBOS: Bool?, addSpacePrefix: Bool?, chatTemplate: String?
    ) {
        self.model = model
        self.pre = pre
        self.tokens = tokens
        self.scores = scores
        self.types = types
        self.merges = merges
        self.bosID = bosID
        self.eosID = eosID
        self.unkID = unkID
        self.padID = padID
        self.addBOS = addBOS
        self.addSpacePrefix = addSpacePrefix
        self.chatTemplate = chatTemplate
    }
}

extension TokenizerLoader {
    /// Tokens that end an answer whatever `eos_token_id` says: a GGUF names only one.
    private static let endNames: Set<String> = [
        "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|endoftext|>", "<|end_of_text|>", "<eod>",
    ]

    /// The tokenizer of a GGUF.
    ///
    /// - Throws: `TokenizerError` naming the metadata key that is damaged or not supported.
    package static func load(gguf: GGUFVocabulary) throws -> any Tokenizer {
        guard !gguf.tokens.isEmpty else {
            throw TokenizerError("tokenizer.ggml.tokens: no tokens; use a GGUF with its vocabulary")
        }
        guard gguf.tokens.count <= SentencePieceModel.maximumPieces else {
            throw TokenizerError("tokenizer.ggml.tokens: \(gguf.tokens.count) tokens are too many; the file is damaged")
        }
        try check(gguf.types.count, key: "token_type", gguf)
        let ids = [("bos", gguf.bosID), ("eos", gguf.eosID), ("unknown", gguf.unkID), ("padding", gguf.padID)]
        for case (let name, let id?) in ids where !gguf.tokens.indices.contains(id) {
            throw TokenizerError(
                "tokenizer.ggml.\(name)_token_id: \(name)_token_id out of vocabulary (\(id), \(gguf.tokens.count) tokens);"
                    + " the file is damaged")
        }
        let types = gguf.types.isEmpty ? [Int](repeating: 1, count: gguf.tokens.count) : gguf.types
        var added: [AddedToken] = []
        for (id, type) in types.enumerated() where type == 3 || type == 4 {
            guard !gguf.tokens[id].isEmpty else { continue }
            let token = AddedToken(content: gguf.tokens[id], id: id, special: type == 3)
            added.append(try token.checked(file: "tokenizer.ggml.tokens"))
        }
        let ends = added.filter { $0.special && endNames.contains($0.content) && $0.id != gguf.eosID }.map(\.id)
        let eos = (gguf.eosID.map { [$0] } ?? []) + ends
        switch gguf.model {
        case "gpt2": return try byteLevel(gguf, added: added, eos: eos)
        case "llama": return try sentencePiece(gguf, types: types, added: added, eos: eos)
        default:
            throw TokenizerError(
                "tokenizer.ggml.model: \(quoted(gguf.model)) is not supported, expected gpt2 or llama; use another GGUF"
            )
        }
    }

    private static func check(_ count: Int, key: String, _ gguf: GGUFVocabulary) throws {
        guard count == 0 || count == gguf.tokens.count else {
            throw TokenizerError(
                "tokenizer.ggml.\(key): \(count) entries for \(gguf.tokens.count) tokens; the file is damaged")
        }
    }

    private static func byteLevel(_ gguf: GGUFVocabulary, added: [AddedToken], eos: [Int]) throws -> any Tokenizer {
        let preTokenizer = try PreTokenizer(ggufName: gguf.pre)
        let merges = try gguf.merges.enumerated().map { index, merge in
            let parts = TokenizerJSON.split(merge)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw TokenizerError(
                    "tokenizer.ggml.merges: malformed merge \(index) \(quoted(merge)), expected two tokens with one space "
                        + "between them; the file is damaged")
            }
            return (parts[0], parts[1])
        }
        let isLlama3 = preTokenizer.steps == [.words(.llama3(digits: 3))]
        let vocabulary = try BytePairVocabulary(
            vocabulary: gguf.tokens.enumerated().map { ($1, $0) }, merges: merges, isByteLevel: true,
            ignoresMerges: isLlama3, file: "tokenizer.ggml")
        return ByteLevelTokenizer(
            vocabulary: vocabulary, preTokenizer: preTokenizer,
            // The tokenizer.json that Qwen2's GGUFs are made from normalises; the GGUF has no key for it.
            normalizesToNFC: preTokenizer.steps == [.words(.llama3(digits: 1))], added: added,
            bosTokenID: gguf.bosID, eosTokenIDs: eos, addsBOS: gguf.addBOS ?? isLlama3)
    }

    private static func sentencePiece(
        _ gguf: GGUFVocabulary, types: [Int], added: [AddedToken], eos: [Int]
    ) throws -> any Tokenizer {
        guard !gguf.scores.isEmpty else {
            throw TokenizerError("tokenizer.ggml.scores: none, expected one a token; use a GGUF with its scores")
        }
        try check(gguf.scores.count, key: "scores", gguf)
        var pieces: [SentencePieceModel.Piece] = []
        for (id, text) in gguf.tokens.enumerated() {
            guard let type = SentencePieceModel.PieceType(rawValue: types[id]), !text.isEmpty, !gguf.scores[id].isNaN
            else {
                throw TokenizerError(
                    "tokenizer.ggml: token \(id) \(quoted(text)) has type \(types[id]) and score \(gguf.scores[id]), "
                        + "expected text, a type from 1 to 6 and a number; the file is damaged")
            }
            // User-defined tokens are cut out of the text like control tokens, so merging must not meet them.
            pieces.append(.init(text: text, score: gguf.scores[id], type: type == .userDefined ? .control : type))
        }
        let hasBytes = types.contains(6)
        let model = SentencePieceModel(
            pieces: pieces, byteFallback: hasBytes, addsDummyPrefix: gguf.addSpacePrefix ?? true,
            removesExtraWhitespace: false)
        let file = "tokenizer.ggml.tokens"
        let encoder = try SentencePieceEncoder(model, file: file)
        if YuanRecipe.matches(encoder) {
            // Yuan2's special tokens are ordinary pieces of its vocabulary, so the GGUF's types do not tell them.
            var configuration = TokenizerConfiguration()
            configuration.named["sep_token"] = .init(content: "<sep>")
            return try YuanRecipe.tokenizer(
                model: model, encoder: encoder, configuration: configuration, whitespace: .strip, extends: false,
                file: file)
        }
        return SentencePieceTokenizer(
            model: model, encoder: encoder, added: added,
            named: Set(added.map(\.id)), bosTokenID: gguf.bosID, eosTokenIDs: eos, addsBOS: gguf.addBOS ?? true,
            legacySpacing: false, kind: "SentencePiece BPE (GGUF)")
    }
}
