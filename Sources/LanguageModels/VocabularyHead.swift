import Checkpoints
import Tensors

/// The vocabulary head straight from the checkpoint, a panel of the vocabulary at a time, so that logits can be had from
/// kept hidden states without the model, and of several dtypes side by side.
package struct VocabularyHead: Sendable {
    static let embedding = "model.embed_tokens.weight"

    /// The head's tensor: the embedding, where it is tied or there is no other.
    static func tensorName(_ checkpoint: any Checkpoint) -> String {
        let untied = !checkpoint.configuration.tieWordEmbeddings && checkpoint.tensor("lm_head.weight") != nil
        return untied ? "lm_head.weight" : embedding
    }

    package let vocabulary: Int
    package let hidden: Int
    private let checkpoint: any Checkpoint
    private let tensor: StoredTensor

    /// - Throws: `CheckpointError` if the checkpoint has no such tensor.
    package init(_ checkpoint: any Checkpoint, backend: Backend) throws {
        (vocabulary, hidden) = (checkpoint.configuration.vocabularySize, checkpoint.configuration.hiddenSize)
        self.checkpoint = checkpoint
        tensor = try WeightLoader(checkpoint, backend: backend)
            .tensor(Self.tensorName(checkpoint), shape: [vocabulary, hidden])
    }

    /// Rows `rows` of the head `[rows.count, hidden]` in the backend's dtype.
    ///
    /// Its products with final hidden states are bitwise the model's own logits where `rows` begins at a multiple of 32.
    package func panel(_ rows: Range<Int>, backend: Backend) throws -> PackedMatrix {
        try PackedMatrix.pack(rows: rows.count, columns: hidden, backend: backend) { part, target in
            try tensor.readRows(rows.lowerBound + part.lowerBound..<rows.lowerBound + part.upperBound, into: target)
        }
    }

    /// Lets the checkpoint's mapped pages go.
    package func releasePages() { checkpoint.releasePages() }
}
