/// A sentencepiece folder of the LLaMA kind: the configuration's special and added tokens, bos before texts.
enum LlamaRecipe {
    static func tokenizer(
        model: SentencePieceModel, encoder: SentencePieceEncoder, configuration: TokenizerConfiguration,
        whitespace: AddedTokenWhitespace
    ) throws -> SentencePieceTokenizer {
        var pieceIDs: [[UInt8]: Int] = [:]
        for (id, piece) in model.pieces.enumerated() where pieceIDs[Array(piece.text.utf8)] == nil {
            pieceIDs[Array(piece.text.utf8)] = id
        }
        var tokens: [AddedToken] = []
        for token in configuration.added {
            if token.id < model.pieces.count, Array(model.pieces[token.id].text.utf8) != Array(token.content.utf8) {
                throw TokenizerError(
                    "tokenizer_config.json: added token \(token.id) is \(quoted(token.content)), but piece \(token.id) "
                        + "of tokenizer.model is \(quoted(model.pieces[token.id].text)); use files of one model")
            }
            tokens.append(token)
        }
        func add(_ token: TokenizerConfiguration.NamedToken, mayStrip: Bool) -> Int? {
            if let known = tokens.first(where: { $0.content == token.content }) { return known.id }
            guard let id = pieceIDs[Array(token.content.utf8)] else { return nil }
            let strips = token.isBare && mayStrip && whitespace == .strip
            tokens.append(
                AddedToken(
                    content: token.content, id: id, stripsLeft: token.stripsLeft || strips,
                    stripsRight: token.stripsRight || strips))
            return id
        }
        // The class gives these three defaults and never strips around them.
        let defaults = ["bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"]
        var roles: [String: Int] = [:]
        for role in TokenizerConfiguration.roles {
            let token =
                configuration.named[role] ?? defaults[role].map { TokenizerConfiguration.NamedToken(content: $0) }
            guard let token, let id = add(token, mayStrip: defaults[role] == nil) else { continue }
            roles[role] = id
        }
        var named = Set(roles.values)
        for token in configuration.additional {
            if let id = add(token, mayStrip: true) { named.insert(id) }
        }
        return SentencePieceTokenizer(
            model: model, encoder: encoder, added: tokens, named: named, bosTokenID: roles["bos_token"],
            eosTokenIDs: roles["eos_token"].map { [$0] } ?? [], addsBOS: configuration.addsBOS ?? true,
            legacySpacing: true, kind: "SentencePiece BPE")
    }
}
