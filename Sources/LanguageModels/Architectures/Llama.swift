import Checkpoints
import Tensors

/// Llama 2/3 and its kin (SmolLM2 among them): grouped-query attention, SwiGLU, RMSNorm before each block.
package final class Llama: Architecture {
    package static let name = "llama"
    package static func shiftWidths(_ configuration: ModelConfiguration) -> [Int] { [] }
    package let attentionResetToken: Int? = nil
    private let decoder: GroupedQueryDecoder

    package init(_ configuration: ModelConfiguration, weights: WeightLoader, options: ModelOptions) throws {
        decoder = try GroupedQueryDecoder(
            configuration, weights: weights, options: options, projectionBias: weights.has(biasProbe))
    }

    package func forward(_ hidden: Activations, batch: TokenBatch, backend: Backend, afterLayer: LayerTap?) {
        decoder.forward(hidden, batch: batch, backend: backend, afterLayer: afterLayer)
    }
}

/// Llama checkpoints made with `attention_bias` carry this tensor.
private let biasProbe = "model.layers.0.self_attn.q_proj.bias"
