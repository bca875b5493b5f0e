/// What `model inspect` shows: the content of a model folder or of one of its files. Strings are as stored; `text`
/// escapes them.
package struct ModelDescription: Sendable, Encodable {
    package struct Tensor: Sendable, Encodable, Equatable {
        package var name: String
        /// As the file spells it, e.g. "BF16", "Q4_1".
        package var type: String
        package var shape: [Int]
    }

    package struct Item: Sendable, Encodable, Equatable {
        package var key: String
        package var value: String
    }

    package struct Tokenizer: Sendable, Encodable, Equatable {
        /// "BPE", "Unigram", "SentencePiece", "gpt2" …
        package var kind: String
        package var tokens: Int
        /// nil where the kind has none.
        package var merges: Int?
    }

    /// As the user named it.
    package var file: String
    /// "folder", "safetensors", "torch", "gguf", "shard index", "config", "tokenizer", "sentencepiece",
    /// "tokenizer config".
    package var kind: String
    /// Whether there are configuration and weights, which fit each other.
    package var isModel = false
    package var architecture: String?
    /// Numbers in all tensors.
    package var parameters: Int?
    /// The type of most of them.
    package var storedType: String?
    package var tensors: [Tensor] = []
    /// Format metadata or configuration values, in the order of the file.
    package var metadata: [Item] = []
    package var tokenizer: Tokenizer?
    package var chatTemplate: String?
    /// Of the weights as `Checkpoint.sha256`, of any other single file of its bytes.
    package var sha256: String?

    init(file: String, kind: String) {
        self.file = file
        self.kind = kind
    }

    mutating func setTensors(_ entries: [TensorEntry], counted: (TensorEntry) -> Bool = { _ in true }) {
        tensors = entries.map { Tensor(name: $0.name, type: $0.typeName, shape: $0.shape) }
        let floats = entries.filter { !TensorEntry.isIgnored($0.name) && counted($0) }
        parameters = floats.reduce(0) { $0 + $1.elementCount }
        let typed = floats.compactMap { entry in entry.type.map { ($0, entry.elementCount) } }
        storedType = typed.isEmpty ? nil : StoredType.dominant(typed)
    }
}
