import ForeignText

/// Which tensors a model of a configuration has.
enum ArchitectureTensors {
    /// Name and dimensions of every tensor, as the architecture's published checkpoints have them.
    static func shapes(_ c: ModelConfiguration) -> [(name: String, shape: [Int])] {
        let (hidden, inner) = (c.hiddenSize, c.intermediateSize)
        var all: [(name: String, shape: [Int])] = [
            ("model.embed_tokens.weight", [c.vocabularySize, hidden]), ("model.norm.weight", [hidden]),
        ]
        if !c.tieWordEmbeddings { all.append(("lm_head.weight", [c.vocabularySize, hidden])) }
        for index in 0..<c.layerCount {
            let prefix = "model.layers.\(index)."
            let attention = prefix + "self_attn."
            let (queries, keys) = (c.headCount * c.headDim, c.kvHeadCount * c.headDim)
            all += [
                (prefix + "input_layernorm.weight", [hidden]), (prefix + "post_attention_layernorm.weight", [hidden]),
                (attention + "q_proj.weight", [queries, hidden]), (attention + "k_proj.weight", [keys, hidden]),
                (attention + "v_proj.weight", [keys, hidden]), (attention + "o_proj.weight", [hidden, queries]),
                (prefix + "mlp.gate_proj.weight", [inner, hidden]), (prefix + "mlp.up_proj.weight", [inner, hidden]),
                (prefix + "mlp.down_proj.weight", [hidden, inner]),
            ]
            switch c.architecture {
            case "qwen2":
                all += [
                    (attention + "q_proj.bias", [queries]), (attention + "k_proj.bias", [keys]),
                    (attention + "v_proj.bias", [keys]),
                ]
            case "yuan":
                let filter = attention + "lf_gate."
                all += [
                    (filter + "conv1.weight", [hidden / 2, hidden, 2, 1]), (filter + "conv1.bias", [hidden / 2]),
                    (filter + "conv2.weight", [hidden, hidden / 2, 2, 1]), (filter + "conv2.bias", [hidden]),
                    (filter + "output_layernorm.weight", [hidden]),
                ]
            default: break
            }
        }
        return all
    }

    /// Throws `CheckpointError` for the first tensor of the configuration that `tensors` lack or hold in another shape,
    /// and for layers that the configuration does not have: leaving them out would be another model. A head of its own
    /// may be left out: the embedding then stands in for it.
    static func check(_ tensors: [String: StoredTensor], _ configuration: ModelConfiguration, file: String) throws {
        for (name, shape) in shapes(configuration) where name != "lm_head.weight" || tensors[name] != nil {
            _ = try require(name, shape, in: tensors, file: file)
        }
        let layers = tensors.keys.compactMap(layer)
        guard let last = layers.max(), last >= configuration.layerCount else { return }
        throw CheckpointError(
            "there are weights of layers that the configuration does not have", file: file,
            expected: "\(configuration.layerCount) layers", found: "tensors of layer \(last), counted from 0",
            mend: "use configuration and weights of the same model")
    }

    /// The 7 of "model.layers.7.mlp.up_proj.weight".
    private static func layer(_ name: String) -> Int? {
        let parts = name.split(separator: ".", maxSplits: 3)
        return parts.count > 2 && parts[0] == "model" && parts[1] == "layers" ? Int(parts[2]) : nil
    }

    static func require(
        _ name: String, _ shape: [Int], in tensors: [String: StoredTensor], file: String
    ) throws -> StoredTensor {
        guard let tensor = tensors[name] else {
            throw CheckpointError(
                "tensor \(Escaping.quoted(name)) is missing", file: file, expected: "shape \(shape)", found: "none",
                mend: "download it again, or use the configuration of these weights")
        }
        guard tensor.shape == shape else {
            throw CheckpointError(
                "tensor \(Escaping.quoted(name)) does not fit the configuration", file: file,
                expected: "shape \(shape)", found: "\(tensor.shape)",
                mend: "use configuration and weights of the same model")
        }
        return tensor
    }
}
