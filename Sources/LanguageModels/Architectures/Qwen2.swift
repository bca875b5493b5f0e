import Checkpoints
import Tensors

/// Qwen2 and Qwen2.5: Llama's decoder with biases on the query, key and value projections.
package final class Qwen2: Architecture {
    package static let name = "qwen2"
    package static func shiftWidths(_ configuration: ModelConfiguration) -> [Int] { [] }
    package let attentionResetToken: Int? = nil
    private let decoder: GroupedQueryDecoder

    package init(_ configuration: ModelConfiguration, weights: WeightLoader, options: ModelOptions) throws {
        decoder = try GroupedQueryDecoder(configuration, weights: weights, options: options, projectionBias: true)
    }

    package func forward(_ hidden: Activations, batch: TokenBatch, backend: Backend, afterLayer: LayerTap?) {
        decoder.forward(hidden, batch: batch, backend: backend, afterLayer: afterLayer)
    }
}
