import ForeignText

/// Reads a `tokenizer.json` (format of the `tokenizers` library) that holds a byte-level BPE.
struct TokenizerJSON {
    private let json: JSONValue
    private let file: String

    init(_ json: JSONValue, file: String) {
        self.json = json
        self.file = file
    }

    /// - Throws: `TokenizerError` naming the first part that is damaged or not supported.
    func tokenizer(configuration: TokenizerConfiguration) throws -> any Tokenizer {
        guard let model = json["model"], model.object != nil else {
            throw TokenizerError("\(file): no object 'model'; this is not a tokenizer.json")
        }
        try checkModel(model)
        let preTokenizer = try PreTokenizer(json["pre_tokenizer"], file: file)
        var vocabulary = try BytePairVocabulary(
            vocabulary: vocabulary(model), merges: merges(model), isByteLevel: preTokenizer.isByteLevel,
            ignoresMerges: model["ignore_merges"]?.bool ?? false, file: file)
        if let unknown = model["unk_token"]?.string {
            guard let id = vocabulary.id(of: unknown) else {
                throw TokenizerError("\(file): unk_token \(quoted(unknown)) not in vocabulary; name one of its tokens")
            }
            vocabulary.unknownID = id
        }
        let added = try addedTokens(vocabulary)
        func role(_ name: String) -> Int? {
            guard let content = configuration.named[name]?.content else { return nil }
            return added.first { $0.content == content }?.id ?? vocabulary.id(of: content)
        }
        let begin = try templateBegin(json["post_processor"])
        let beginID = begin.flatMap { name in added.first { $0.content == name }?.id ?? vocabulary.id(of: name) }
        let bos = role("bos_token") ?? beginID
        return ByteLevelTokenizer(
            vocabulary: vocabulary, preTokenizer: preTokenizer,
            normalizesToNFC: try normalizesToNFC(json["normalizer"]), added: added, bosTokenID: bos,
            eosTokenIDs: role("eos_token").map { [$0] } ?? [],
            addsBOS: bos != nil && (beginID == bos || configuration.addsBOS ?? false),
            separator: try hasDecoder(json["decoder"]) ? "" : " ")
    }

    private func checkModel(_ model: JSONValue) throws {
        if let type = model["type"]?.string, type != "BPE" {
            throw TokenizerError(
                "\(file): model type \(quoted(type)) is not supported, expected BPE; use another tokenizer")
        }
        for name in ["byte_fallback", "dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
            guard let value = model[name] else { continue }
            guard value.bool == false || value.string == "" || value.double == 0 else {
                throw TokenizerError(
                    "\(file): the model's \(name) is not supported; use the folder's tokenizer.model if it has one")
            }
        }
        if model["fuse_unk"]?.bool ?? false, model["unk_token"]?.string != nil {
            throw TokenizerError("\(file): fuse_unk is not supported; use the folder's tokenizer.model if it has one")
        }
    }

    private func vocabulary(_ model: JSONValue) throws -> [(name: String, id: Int)] {
        guard let members = model["vocab"]?.object?.entries, !members.isEmpty else {
            throw TokenizerError("\(file): model.vocab is no object with tokens; this is not a BPE tokenizer.json")
        }
        return try members.map { name, value in
            guard let id = value.integer else {
                throw TokenizerError("\(file): the id of token \(quoted(name)) is not an integer; write one")
            }
            return (name, id)
        }
    }

    /// Merges are written "a b" or, newer, as ["a", "b"].
    private func merges(_ model: JSONValue) throws -> [(String, String)] {
        guard let list = model["merges"]?.array else {
            throw TokenizerError("\(file): model.merges is no list; this is not a BPE tokenizer.json")
        }
        return try list.enumerated().map { index, value in
            let parts = value.string.map(Self.split) ?? value.array?.compactMap(\.string) ?? []
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw TokenizerError(
                    "\(file): malformed merge \(index) \(quoted(value.string ?? "")), expected two tokens with one "
                        + "space between them; restore the file")
            }
            return (parts[0], parts[1])
        }
    }

    static func split(_ merge: String) -> [String] {
        merge.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { String($0) ?? "" }
    }

    private func addedTokens(_ vocabulary: BytePairVocabulary) throws -> [AddedToken] {
        var seen: Set<Int> = []
        return try (json["added_tokens"]?.array ?? []).enumerated().map { index, value in
            guard let content = value["content"]?.string, !content.isEmpty, let id = value["id"]?.integer else {
                throw TokenizerError("\(file): added token \(index) lacks 'content' or an integer 'id'; give it both")
            }
            guard (0..<SentencePieceModel.maximumPieces).contains(id) else {
                throw TokenizerError(
                    "\(file): token id \(id) out of range 0..<\(SentencePieceModel.maximumPieces) for added token "
                        + "\(quoted(content)); number the tokens from 0")
            }
            // An id of the vocabulary belongs to the token of that name: taken over, it would stand for two texts.
            let isFree = !vocabulary.tokens.indices.contains(id) || vocabulary.tokens[id] == nil
            guard vocabulary.id(of: content).map({ $0 == id }) ?? isFree, seen.insert(id).inserted else {
                throw TokenizerError(
                    "\(file): added token \(quoted(content)) has id \(id), which is another token's or not the one in "
                        + "the vocabulary; ids must be unique")
            }
            guard value["single_word"]?.bool ?? false == false else {
                throw TokenizerError(
                    "\(file): added token \(quoted(content)) has single_word, which is not supported; use another "
                        + "tokenizer")
            }
            return try AddedToken(
                content: content, id: id, special: value["special"]?.bool ?? false,
                stripsLeft: value["lstrip"]?.bool ?? false, stripsRight: value["rstrip"]?.bool ?? false,
                normalized: value["normalized"]?.bool ?? false
            ).checked(file: file)
        }
    }

    private func normalizesToNFC(_ json: JSONValue?) throws -> Bool {
        guard let json else { return false }
        switch json["type"]?.string {
        case "NFC": return true
        case "Sequence":
            guard let parts = json["normalizers"]?.array else {
                throw TokenizerError("\(file): the normalizer Sequence has no list 'normalizers'; give it one")
            }
            return try parts.reduce(false) { try normalizesToNFC($1) || $0 }
        case let type:
            throw TokenizerError(
                "\(file): the normalizer \(quoted(type ?? "(no type)")) is not supported, expected NFC or Sequence; "
                    + "use the folder's tokenizer.model if it has one")
        }
    }

    private func hasDecoder(_ json: JSONValue?) throws -> Bool {
        guard let json else { return false }
        guard json["type"]?.string == "ByteLevel" else {
            throw TokenizerError(
                "\(file): the decoder \(quoted(json["type"]?.string ?? "(no type)")) is not supported, expected "
                    + "ByteLevel; use the folder's tokenizer.model if it has one")
        }
        return true
    }

    /// The token that the post-processor puts before a text.
    private func templateBegin(_ json: JSONValue?) throws -> String? {
        guard let json else { return nil }
        switch json["type"]?.string {
        case "ByteLevel": return nil
        case "Sequence":
            for part in json["processors"]?.array ?? [] {
                if let begin = try templateBegin(part) { return begin }
            }
            return nil
        case "TemplateProcessing": return json["single"]?.array?.first?["SpecialToken"]?["id"]?.string
        case let type:
            throw TokenizerError(
                "\(file): the post-processor \(quoted(type ?? "(no type)")) is not supported, expected ByteLevel, "
                    + "TemplateProcessing or Sequence; use another tokenizer")
        }
    }
}
