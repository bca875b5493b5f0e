import ForeignText

/// The vocabulary inside a GGUF file, as stored: `tokenizer.ggml.*` and `tokenizer.chat_template`.
package struct GGUFTokenizerMetadata: Sendable, Equatable {
    /// "gpt2" (byte-level BPE) or "llama" (SentencePiece).
    package var model: String
    /// The pre-tokenizer, e.g. "smollm", "qwen2", "llama-bpe".
    package var pre: String?
    /// By id.
    package var tokens: [String]
    /// As many as tokens.
    package var scores: [Float]?
    /// As many as tokens: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte.
    package var types: [Int32]?
    /// "left right", best first.
    package var merges: [String]?
    package var bosTokenID: Int?
    package var eosTokenID: Int?
    /// End of turn, where it differs from the end of the text.
    package var eotTokenID: Int?
    package var unknownTokenID: Int?
    package var padTokenID: Int?
    package var addBOS: Bool?
    package var addEOS: Bool?
    package var addSpacePrefix: Bool?
    package var chatTemplate: String?

    private static let prefix = "tokenizer.ggml."
    static let tokenCap = ConfigurationBounds.vocabulary.upperBound

    /// nil when the file has no vocabulary. Throws for ids outside of it and for lists whose lengths differ.
    init?(_ metadata: GGUFMetadata) throws {
        func key(_ suffix: String) -> String { Self.prefix + suffix }
        func id(_ suffix: String) throws -> Int? {
            // -1 as an unsigned 32-bit number: written by some converters for "none".
            if case .integer(0xffff_ffff)? = metadata[key(suffix)] { return nil }
            return try metadata.integer(key(suffix), in: Int.min...Int.max).flatMap { $0 == -1 ? nil : $0 }
        }
        guard let tokens = try metadata.strings(key("tokens")) else { return nil }
        guard tokens.count <= Self.tokenCap else {
            throw metadata.fault(
                key("tokens"), "has too many tokens, at most \(Self.tokenCap)", found: "\(tokens.count)")
        }
        self.tokens = tokens
        model = try metadata.string(key("model")) ?? ""
        pre = try metadata.string(key("pre"))
        scores = try metadata.floats(key("scores"))
        types = try metadata.integers(key("token_type"))
        merges = try metadata.strings(key("merges"))
        bosTokenID = try id("bos_token_id")
        eosTokenID = try id("eos_token_id")
        eotTokenID = try id("eot_token_id")
        unknownTokenID = try id("unknown_token_id")
        padTokenID = try id("padding_token_id")
        addBOS = try metadata.bool(key("add_bos_token"))
        addEOS = try metadata.bool(key("add_eos_token"))
        addSpacePrefix = try metadata.bool(key("add_space_prefix"))
        chatTemplate = try metadata.string("tokenizer.chat_template")

        let ids = [
            ("bos_token_id", bosTokenID), ("eos_token_id", eosTokenID), ("eot_token_id", eotTokenID),
            ("unknown_token_id", unknownTokenID), ("padding_token_id", padTokenID),
        ]
        for (name, id) in ids {
            if let id, !tokens.indices.contains(id) {
                throw metadata.fault(key(name), "out of vocabulary", found: "\(id) of \(tokens.count) tokens")
            }
        }
        for (name, count) in [("scores", scores?.count), ("token_type", types?.count)] {
            if let count, count != tokens.count {
                throw metadata.fault(key(name), "must have one entry a token (\(tokens.count))", found: "\(count)")
            }
        }
        if let scores, let bad = scores.firstIndex(where: { $0.isNaN }) {
            throw metadata.fault(key("scores"), "must be numbers", found: "NaN at \(bad)")
        }
    }

    /// Every merge must join two known tokens to a known one.
    func checkMerges(file: String) throws {
        guard let merges else { return }
        let known = Set(tokens.map(ExactString.init))
        for (index, merge) in merges.enumerated() {
            if let problem = MergeRule.problem(merge, vocabulary: known) {
                throw CheckpointError(problem, file: file, place: "tokenizer.ggml.merges[\(index)]")
            }
        }
    }
}
