import Checkpoints
import LanguageModels
import Performance
import Tensors

extension ModelCosts {
    /// From a checkpoint's tensors and configuration.
    ///
    /// - Parameter weightBytesPerStep: what a step reads of the weights, as they lie in memory.
    /// - Throws: `ModelError` for an architecture that is not supported.
    init(_ checkpoint: any Checkpoint, weightBytesPerStep: Int, dtype: DType) throws {
        let c = checkpoint.configuration
        let embedding = c.vocabularySize * c.hiddenSize
        let matrices = checkpoint.tensors.values.filter { tensor in
            tensor.shape.count > 1 && !["model.embed_tokens.weight", "lm_head.weight"].contains(tensor.name)
        }
        let lastLayer = "model.layers.\(c.layerCount - 1)."
        let beforeCache = try Architectures.named(c.architecture).matricesBeforeCache
        let lastOutputs = matrices.filter { tensor in
            tensor.name.hasPrefix(lastLayer) && !beforeCache.contains { tensor.name.contains($0) }
        }
        self.init(
            weightBytesPerStep: weightBytesPerStep,
            kvBytesPerToken: 2 * c.layerCount * c.kvHeadCount * c.headDim * dtype.byteCount,
            layerWeights: matrices.reduce(0) { $0 + $1.elementCount },
            lastOutputWeights: lastOutputs.reduce(0) { $0 + $1.elementCount }, headWeights: embedding,
            attentionPerPosition: 2 * c.layerCount * c.headCount * c.headDim, layers: c.layerCount)
    }
}
