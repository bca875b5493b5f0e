import Crypto
import Foundation

/// A checkpoint of a given shape with random weights, made while they are read.
package struct ShapeCheckpoint: Checkpoint {
    package let url: URL
    package let format = "random"
    package let configuration: ModelConfiguration
    package let tensors: [String: StoredTensor]
    package let files: [URL] = []
    package let mappings: [MappedFile] = []
    package let tokenizerSource = TokenizerSource.bytes

    private static let seed: UInt32 = 20_240_823
    /// To be raised whenever other numbers are made.
    private static let version = 1

    package init(_ shape: ModelShape) {
        url = URL(fileURLWithPath: ModelShape.prefix + shape.name)
        configuration = shape.configuration
        tensors = Dictionary(
            Self.shapes(shape.configuration).map { name, dimensions in
                let isNorm = name.hasSuffix("norm.weight")
                let weights = RandomWeights(kind: isNorm ? .constant(1) : .random, name: name, seed: Self.seed)
                return (name, StoredTensor(name: name, shape: dimensions, weights: weights))
            }, uniquingKeysWith: { $1 })
    }

    /// Of what determines the weights: nobody has to compute gigabytes to tell two shapes apart.
    package func sha256() -> String {
        let parts = Self.shapes(configuration).map { "\($0.name) \($0.shape)" }.sorted()
        let text = (["yuanbench random weights \(Self.version), seed \(Self.seed)"] + parts).joined(separator: "\n")
        return WeightsDigest.hexadecimal(SHA256.hash(data: Data(text.utf8)))
    }

    /// Name and dimensions of every tensor, as the architecture's published checkpoints have them.
    private static func shapes(_ c: ModelConfiguration) -> [(name: String, shape: [Int])] {
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
}
