import ForeignText
import Foundation

/// `config.json` (and `generation_config.json` beside it) to a checked `ModelConfiguration`.
enum HuggingFaceConfiguration {
    static let sizeLimit = 16 << 20

    /// Reads `config.json` of `folder` and, where there is one, `generation_config.json`.
    static func read(folder: URL) throws -> ModelConfiguration {
        let generation = folder.appendingPathComponent("generation_config.json")
        let exists = FileManager.default.fileExists(atPath: generation.path)
        return try read(folder.appendingPathComponent("config.json"), generation: exists ? generation : nil)
    }

    /// Throws `CheckpointError` for a missing key, a wrong type, a size out of range or an unsupported variant.
    static func read(_ url: URL, generation: URL?) throws -> ModelConfiguration {
        let reader = ConfigurationReader(
            object: try JSONFile.object(in: url, limit: sizeLimit), file: url.relativePath)
        var configuration = try read(reader)
        if let generation {
            let extra = ConfigurationReader(
                object: try JSONFile.object(in: generation, limit: sizeLimit), file: generation.relativePath)
            let ids = try extra.tokenIDs("eos_token_id")
            for id in ids where !(0..<configuration.vocabularySize).contains(id) {
                throw extra.fault(
                    "eos_token_id", "out of vocabulary", found: "\(id) of \(configuration.vocabularySize)")
            }
            configuration.eosTokenIDs = Set(configuration.eosTokenIDs + ids).sorted()
        }
        return configuration
    }

    private static func read(_ reader: ConfigurationReader) throws -> ModelConfiguration {
        let architecture = try architecture(reader)
        let isYuan = architecture == "yuan"
        if isYuan, try reader.bool("use_shareqk", default: false) {
            throw reader.fault("use_shareqk", "= true is not supported: no released model uses it")
        }
        try refuseVariants(reader)

        let hiddenSize = try reader.integer("hidden_size", in: ConfigurationBounds.hidden)
        let heads = try reader.integer("num_attention_heads", in: ConfigurationBounds.heads)
        let kvHeads =
            isYuan ? heads : try reader.integer("num_key_value_heads", in: ConfigurationBounds.heads, default: heads)
        let givenHeadDim = try reader.optionalInteger("head_dim", in: ConfigurationBounds.headDim)
        guard givenHeadDim != nil || heads % kvHeads != 0 || hiddenSize.isMultiple(of: heads) else {
            throw reader.fault(
                "hidden_size", "is not a multiple of num_attention_heads", found: "\(hiddenSize) and \(heads)")
        }
        var configuration = ModelConfiguration(
            architecture: architecture,
            hiddenSize: hiddenSize,
            layerCount: try reader.integer("num_hidden_layers", in: ConfigurationBounds.layers),
            headCount: heads,
            kvHeadCount: kvHeads,
            headDim: givenHeadDim ?? hiddenSize / heads,
            intermediateSize: try reader.integer("intermediate_size", in: ConfigurationBounds.intermediate),
            vocabularySize: try reader.integer("vocab_size", in: ConfigurationBounds.vocabulary),
            maxPositions: try reader.integer(
                "max_position_embeddings", in: ConfigurationBounds.positions, default: defaultPositions(architecture)),
            rmsNormEpsilon: try reader.double("rms_norm_eps", in: 1e-12...1e-1, default: 1e-6),
            ropeTheta: 10000,
            ropeScaling: nil,
            tieWordEmbeddings: try reader.bool("tie_word_embeddings", default: isYuan),
            torchDtype: try reader.string("torch_dtype") ?? reader.string("dtype"),
            eosTokenIDs: Set(try reader.tokenIDs("eos_token_id")).sorted(),
            bosTokenID: try reader.tokenID("bos_token_id"),
            padTokenID: try reader.tokenID("pad_token_id"),
            hiddenAct: try reader.string("hidden_act") ?? "silu")
        try readRope(reader, into: &configuration)
        if isYuan { try readYuan(reader, into: &configuration) }
        return try configuration.crossChecked(file: reader.file)
    }

    private static func architecture(_ reader: ConfigurationReader) throws -> String {
        let classes = ["YuanForCausalLM": "yuan", "LlamaForCausalLM": "llama", "Qwen2ForCausalLM": "qwen2"]
        let names = (reader.object["architectures"]?.array ?? []).compactMap(\.string)
        let modelType = try reader.string("model_type")
        let found = modelType ?? names.first.map { classes[$0] ?? $0 }
        guard let found else { throw reader.fault("model_type", "is missing") }
        guard ModelConfiguration.architectures.contains(found) else {
            throw CheckpointError(
                "architecture \(Escaping.quoted(found)) is not supported", file: reader.file, place: "model_type",
                expected: ModelConfiguration.architectures.joined(separator: ", "), mend: "use a model of these kinds")
        }
        return found
    }

    private static func defaultPositions(_ architecture: String) -> Int {
        switch architecture {
        case "yuan": 8192
        case "qwen2": 32768
        default: 2048
        }
    }

    /// Switches that would change the computation: better refused than ignored.
    private static func refuseVariants(_ reader: ConfigurationReader) throws {
        if reader.object["quantization_config"] != nil {
            throw reader.fault("quantization_config", "is not supported: use the float checkpoint or a GGUF file")
        }
        for key in ["attention_bias", "mlp_bias"] where try reader.bool(key, default: false) {
            throw reader.fault(key, "= true is not supported")
        }
        if try reader.double("partial_rotary_factor", in: 0...1, default: 1) != 1 {
            throw reader.fault("partial_rotary_factor", "other than 1 is not supported")
        }
        if try reader.bool("use_sliding_window", default: false) {
            throw reader.fault("use_sliding_window", "= true is not supported")
        }
    }

    /// Both spellings: `rope_theta` with `rope_scaling`, and the newer `rope_parameters` with everything inside.
    private static func readRope(_ reader: ConfigurationReader, into configuration: inout ModelConfiguration) throws {
        let parameters = try reader.section("rope_parameters")
        let thetaRange = 1.0...1e15
        configuration.ropeTheta = try (parameters ?? reader).double(
            "rope_theta", in: thetaRange, default: try reader.double("rope_theta", in: thetaRange, default: 10000))
        guard let scaling = try reader.section("rope_scaling") ?? parameters else { return }
        let type = try scaling.string("rope_type") ?? scaling.string("type") ?? "default"
        switch type {
        case "default": return
        case "llama3":
            let result = RopeScaling(
                factor: try scaling.double("factor", in: 1...1e6),
                lowFrequencyFactor: try scaling.double("low_freq_factor", in: 1e-3...1e6),
                highFrequencyFactor: try scaling.double("high_freq_factor", in: 1e-3...1e6),
                originalMaxPositions: try scaling.integer(
                    "original_max_position_embeddings", in: ConfigurationBounds.positions))
            guard result.highFrequencyFactor > result.lowFrequencyFactor else {
                throw scaling.fault("high_freq_factor", "must be greater than low_freq_factor")
            }
            configuration.ropeScaling = result
        default:
            throw scaling.fault("rope_type", "\(Escaping.quoted(type)) is not supported, only llama3 is")
        }
    }

    private static func readYuan(_ reader: ConfigurationReader, into configuration: inout ModelConfiguration) throws {
        let ids = 0...configuration.vocabularySize - 1
        let eod = try reader.optionalInteger("eod_token", in: ids) ?? reader.optionalInteger("eod_token_id", in: ids)
        guard let eod else { throw reader.fault("eod_token", "is missing") }
        configuration.eodToken = eod
        // sep_token_id is wrong in published files; only sep_token counts.
        configuration.sepToken = try reader.optionalInteger("sep_token", in: ids)
        configuration.resetPositionIDs = try reader.bool("reset_position_ids", default: false)
        configuration.useFlashAttention = try reader.bool("use_flash_attention", default: false)
        configuration.eosTokenIDs = Set(configuration.eosTokenIDs + [eod]).sorted()
    }
}
