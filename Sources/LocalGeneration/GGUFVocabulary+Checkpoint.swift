import Checkpoints
import Tokenizers

extension GGUFVocabulary {
    /// The tokenizer's part of a GGUF's metadata.
    init(_ metadata: GGUFTokenizerMetadata) {
        self.init(
            model: metadata.model, pre: metadata.pre, tokens: metadata.tokens, scores: metadata.scores ?? [],
            types: (metadata.types ?? []).map(Int.init), merges: metadata.merges ?? [], bosID: metadata.bosTokenID,
            eosID: metadata.eosTokenID, unkID: metadata.unknownTokenID, padID: metadata.padTokenID,
            addBOS: metadata.addBOS, addSpacePrefix: metadata.addSpacePrefix, chatTemplate: metadata.chatTemplate)
    }

    /// The special tokens that chat templates name.
    var templateVariables: [String: String] {
        var variables: [String: String] = [:]
        for (name, id) in [("bos_token", bosID), ("eos_token", eosID), ("pad_token", padID), ("unk_token", unkID)] {
            if let id, tokens.indices.contains(id) { variables[name] = tokens[id] }
        }
        return variables
    }
}
