import ForeignText
import Foundation

/// An opened model file or folder: configuration and tensors, everything validated.
package protocol Checkpoint: Sendable {
    /// The folder or file that was opened.
    var url: URL { get }
    /// "safetensors", "torch", "gguf", or "random" for a shape without a file.
    var format: String { get }
    var configuration: ModelConfiguration { get }
    /// All readable tensors by name.
    var tensors: [String: StoredTensor] { get }
    /// The weight files, sorted by name.
    var files: [URL] { get }
    /// The mappings behind `files`.
    var mappings: [MappedFile] { get }
    /// Where the vocabulary is to be found.
    var tokenizerSource: TokenizerSource { get }
    /// SHA-256 of the weights as lower-case hexadecimal; see `WeightsDigest`. Reads every byte.
    func sha256() throws -> String
}

/// Where the tokenizer of a checkpoint lies.
package enum TokenizerSource: Sendable {
    /// A folder with tokenizer.json or tokenizer.model.
    case folder(URL)
    /// Inside the GGUF file.
    case gguf(GGUFTokenizerMetadata)
    /// There is none: bytes stand in.
    case bytes
}

extension Checkpoint {
    /// Hugging Face names of all readable tensors, sorted.
    package var tensorNames: [String] { tensors.keys.sorted() }

    package func tensor(_ name: String) -> StoredTensor? { tensors[name] }

    /// The tensor `name`, which must have `shape`. Throws a `CheckpointError` that names both.
    package func requireTensor(_ name: String, shape: [Int]) throws -> StoredTensor {
        try ArchitectureTensors.require(name, shape, in: tensors, file: url.relativePath)
    }

    /// Throws a `CheckpointError` for the first tensor of the configuration that is missing or of another shape, and for
    /// surplus layers.
    package func requireAllTensors() throws {
        try ArchitectureTensors.check(tensors, configuration, file: url.relativePath)
    }

    private var countedTensors: [StoredTensor] {
        tensors.values.filter { !(configuration.tieWordEmbeddings && $0.name == "lm_head.weight") }
    }

    /// Numbers in all tensors; the copy of the embedding that some tied files keep as `lm_head` does not count.
    package var parameterCount: Int { countedTensors.reduce(0) { $0 + $1.elementCount } }

    /// The type in which most parameters are stored, e.g. "bf16" or "q4_1".
    package var storedType: String { StoredType.dominant(countedTensors.map { ($0.type, $0.elementCount) }) }

    package func sha256() throws -> String { try WeightsDigest.sha256(mappings) }

    /// Gives the mapped pages read so far back to the system, so that weights that have been packed elsewhere do not
    /// count twice in resident memory.
    package func releasePages() { for file in mappings { file.releasePages() } }
}
