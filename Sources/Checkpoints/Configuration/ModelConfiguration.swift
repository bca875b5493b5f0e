import ForeignText

/// What a checkpoint says about its model, cross-checked before any tensor is touched.
package struct ModelConfiguration: Sendable, Equatable {
    /// "yuan", "llama" or "qwen2".
    package var architecture: String
    package var hiddenSize: Int
    package var layerCount: Int
    package var headCount: Int
    /// Key/value heads; divides `headCount`.
    package var kvHeadCount: Int
    /// Even; `hiddenSize / headCount` unless the file gives another.
    package var headDim: Int
    package var intermediateSize: Int
    package var vocabularySize: Int
    package var maxPositions: Int
    package var rmsNormEpsilon: Double
    package var ropeTheta: Double
    /// Llama 3's frequency scaling; nil for none. Other kinds are refused.
    package var ropeScaling: RopeScaling?
    package var tieWordEmbeddings: Bool
    /// As in the file, e.g. "bfloat16".
    package var torchDtype: String?
    /// Ids that end a generation: those of config.json and generation_config.json, for Yuan the eod token; sorted.
    package var eosTokenIDs: [Int]
    package var bosTokenID: Int?
    package var padTokenID: Int?
    /// Always "silu".
    package var hiddenAct = "silu"

    /// Yuan only: the end-of-document token at which attention is reset.
    package var eodToken: Int?
    /// Yuan only.
    package var sepToken: Int?
    /// Yuan only; false elsewhere.
    package var resetPositionIDs = false
    /// Yuan only; false elsewhere.
    package var useFlashAttention = false

    package static let architectures = ["llama", "qwen2", "yuan"]
}

/// Parameters of the "llama3" rope scaling.
package struct RopeScaling: Sendable, Equatable {
    package var factor: Double
    package var lowFrequencyFactor: Double
    package var highFrequencyFactor: Double
    package var originalMaxPositions: Int
}

/// Bounds of every size, far above any model there is and far below an overflow.
enum ConfigurationBounds {
    static let hidden = 1...1 << 20
    static let layers = 1...4096
    static let heads = 1...1 << 16
    static let headDim = 2...1 << 16
    static let intermediate = 1...1 << 24
    static let vocabulary = 1...1 << 24
    static let positions = 1...1 << 31
}

extension ModelConfiguration {
    /// Checks everything that involves more than one value; the single ranges were checked on reading.
    /// The names in messages are those of config.json.
    func crossChecked(file: String) throws -> ModelConfiguration {
        func fault(_ problem: String, found: String) -> CheckpointError {
            CheckpointError(problem, file: file, found: found, mend: "correct the configuration or download it again")
        }
        guard headCount.isMultiple(of: kvHeadCount) else {
            throw fault(
                "num_attention_heads is not a multiple of num_key_value_heads", found: "\(headCount) and \(kvHeadCount)"
            )
        }
        guard headDim.isMultiple(of: 2) else {
            throw fault("head_dim must be even for rotary embeddings", found: "\(headDim)")
        }
        if architecture == "yuan" {
            guard headCount * headDim == hiddenSize, kvHeadCount == headCount, hiddenSize.isMultiple(of: 2) else {
                throw fault(
                    "hidden_size must be even and num_attention_heads times head_dim",
                    found: "\(hiddenSize), \(headCount) and \(headDim)")
            }
        }
        guard headCount * headDim <= ConfigurationBounds.intermediate.upperBound else {
            throw fault("num_attention_heads times head_dim is out of range", found: "\(headCount) × \(headDim)")
        }
        guard hiddenAct == "silu" else {
            throw fault("hidden_act must be silu", found: Escaping.quoted(hiddenAct))
        }
        let named =
            [("eod_token", eodToken), ("sep_token", sepToken), ("bos_token_id", bosTokenID)]
            + [("pad_token_id", padTokenID)] + eosTokenIDs.map { ("eos_token_id", $0) }
        for (name, id) in named {
            guard let id, !(0..<vocabularySize).contains(id) else { continue }
            throw fault("\(name) out of vocabulary", found: "\(id) of \(vocabularySize)")
        }
        return self
    }
}
