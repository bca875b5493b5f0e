import Checkpoints
import Tensors

/// A decoder ready to run: embedding, layers, final norm and head, with its pool of KV cache pages.
///
/// Used from one thread at a time (the inference thread); the work inside is spread over the backend's threads.
package final class LanguageModel {
    package let configuration: ModelConfiguration
    package let backend: Backend
    package let cache: KVCache
    /// Positions a sequence may have.
    package let maxPositions: Int
    package let weightsBytes: Int
    /// Of those, what a step does not read: an embedding table that is not the head too.
    package let lookedUpBytes: Int
    /// `.compact` if there are compact matrices, else `.plain`.
    package let weightLayout: WeightLayout
    package let changedWeights: Int
    package let overflowedWeights: Int
    private let layers: any Architecture
    private let embedding: PackedMatrix
    private let head: PackedMatrix
    private let finalNorm: Vector
    private let hidden: Activations
    private let selected: Activations
    private let logitsBuffer: Activations

    /// Loads and packs every weight, then lets the checkpoint's mapped pages go.
    package init(_ checkpoint: any Checkpoint, backend: Backend, options: ModelOptions = ModelOptions()) throws {
        let configuration = checkpoint.configuration
        let type = try Architectures.named(configuration.architecture)
        let (vocabulary, width) = (configuration.vocabularySize, configuration.hiddenSize)
        let weights = WeightLoader(checkpoint, backend: backend)
        embedding = try weights.matrix(VocabularyHead.embedding, rows: vocabulary, columns: width)
        let headName = VocabularyHead.tensorName(checkpoint)
        head =
            headName == VocabularyHead.embedding
            ? embedding : try weights.matrix(headName, rows: vocabulary, columns: width)
        finalNorm = try weights.vector("model.norm.weight", count: width)
        layers = try type.init(configuration, weights: weights, options: options)
        checkpoint.releasePages()

        maxPositions = min(configuration.maxPositions, options.maxPositions ?? .max)
        cache = KVCache(
            layers: configuration.layerCount, kvHeads: configuration.kvHeadCount, headDim: configuration.headDim,
            dtype: backend.dtype, shiftWidths: type.shiftWidths(configuration))
        hidden = Activations(width: width)
        selected = Activations(width: width)
        logitsBuffer = Activations(width: vocabulary)
        self.configuration = configuration
        self.backend = backend
        weightsBytes = weights.weightsBytes
        lookedUpBytes = embedding === head ? 0 : embedding.byteCount
        weightLayout = weights.compactBytes > 0 ? .compact : .plain
        changedWeights = weights.changedValues
        overflowedWeights = weights.overflowedValues
    }

    package func makeSequence() -> SequenceState { cache.makeSequence() }

    /// Bytes of key-value cache that a sequence of `tokens` tokens holds.
    package func cacheBytes(tokens: Int) -> Int { cache.bytes(tokens: tokens) }

    /// One part of a step: tokens appended to a sequence.
    package struct Part {
        package var sequence: SequenceState
        package var ids: [Int32]
        package var phase: TokenBatch.Phase
        /// Of how many of the tokens, the last ones, the logits may be asked for.
        package var outputs: Int

        /// - Parameter outputs: all the tokens unless given.
        package init(sequence: SequenceState, ids: [Int32], phase: TokenBatch.Phase, outputs: Int? = nil) {
            self.sequence = sequence
            self.ids = ids
            self.phase = phase
            self.outputs = outputs ?? ids.count
        }
    }

    /// Runs the parts' tokens through all layers; then `logits(rows:)` may be asked for the parts' outputs, which are
    /// numbered through the parts in order.
    ///
    /// Ids must lie within the vocabulary and positions within `maxPositions`.
    ///
    /// - Parameter afterLayer: is told of the embedding and of each layer's output.
    package func forward(_ parts: [Part], afterLayer: LayerTap? = nil) {
        let batch = makeBatch(parts)
        hidden.reserve(rows: batch.rows)
        backend.embed(parts.flatMap(\.ids), table: embedding, into: hidden)
        afterLayer?(0, hidden, batch.rows)
        layers.forward(hidden, batch: batch, backend: backend, afterLayer: afterLayer)
        for part in parts { part.sequence.advance(part.ids.count) }
    }

    /// Logits `[rows.count, vocabulary]` of outputs of the last step, valid until the next call.
    package func logits(rows: [Int]) -> Activations {
        let selected = finalHidden(rows: rows)
        logitsBuffer.reserve(rows: rows.count)
        backend.linear(selected, head, bias: nil, batch: .generated(rows: rows.count), into: logitsBuffer)
        return logitsBuffer
    }

    /// What the vocabulary head sees of outputs of the last step: `[rows.count, hidden]` after the final norm, valid until
    /// the next call.
    package func finalHidden(rows: [Int]) -> Activations {
        selected.reserve(rows: rows.count)
        backend.gather(rows: rows, of: hidden, into: selected)
        let epsilon = Float(configuration.rmsNormEpsilon)
        backend.rmsNorm(selected, weight: finalNorm, epsilon: epsilon, rows: rows.count, into: selected)
        return selected
    }

    private func makeBatch(_ parts: [Part]) -> TokenBatch {
        var batch = TokenBatch()
        for part in parts {
            part.sequence.grow(by: part.ids.count)
            var firstVisible: [Int32]?
            if let reset = layers.attentionResetToken {
                firstVisible = part.sequence.attentionStarts(of: part.ids, resetAfter: Int32(reset))
            }
            batch.append(
                sequence: part.sequence, count: part.ids.count, phase: part.phase, outputs: part.outputs,
                firstVisible: firstVisible)
        }
        return batch
    }
}
