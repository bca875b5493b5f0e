import ForeignText
import Foundation

/// A model in one GGUF file; its tensors appear under Hugging Face names and in Hugging Face row order.
struct GGUFCheckpoint: Checkpoint {
    let url: URL
    let format = "gguf"
    let configuration: ModelConfiguration
    let tensors: [String: StoredTensor]
    let tokenizerSource: TokenizerSource
    private let gguf: GGUFFile

    var files: [URL] { [url] }
    var mappings: [MappedFile] { [gguf.file] }

    init(_ url: URL) throws {
        let gguf = try GGUFFile(MappedFile(url))
        let tokenizer = try GGUFTokenizerMetadata(gguf.metadata)
        self.url = url
        self.gguf = gguf
        (configuration, tensors) = try Self.contents(of: gguf, tokenizer: tokenizer)
        // Without a vocabulary of its own, tokenizer files may lie beside it.
        tokenizerSource = tokenizer.map { .gguf($0) } ?? .folder(url.deletingLastPathComponent())
    }

    /// What the file holds in the terms of Hugging Face, cross-checked.
    static func contents(
        of gguf: GGUFFile, tokenizer: GGUFTokenizerMetadata?
    ) throws -> (ModelConfiguration, [String: StoredTensor]) {
        let configuration = try configuration(of: gguf, tokenizer: tokenizer)
        return (configuration, try tensors(of: gguf, configuration))
    }

    private static func configuration(
        of gguf: GGUFFile, tokenizer: GGUFTokenizerMetadata?
    ) throws -> ModelConfiguration {
        let entries = Dictionary(gguf.tensors.map { ($0.name, $0) }) { first, _ in first }
        guard let embedding = entries["token_embd.weight"], embedding.shape.count == 2 else {
            throw CheckpointError(
                "tensor 'token_embd.weight' is missing or not a matrix", file: gguf.file.name,
                found: entries["token_embd.weight"].map { "shape \($0.shape)" } ?? "none")
        }
        var ropeFactors: [Float]?
        if let entry = entries["rope_freqs.weight"], let type = entry.type, entry.elementCount <= 1 << 16 {
            ropeFactors = try StoredTensor(name: entry.name, entry: entry, type: type).readAll()
        }
        return try GGUFConfiguration(gguf.metadata).configuration(
            rows: embedding.shape[0], hasOutput: entries["output.weight"] != nil, ropeFactors: ropeFactors,
            tokenizer: tokenizer)
    }

    private static func tensors(
        of gguf: GGUFFile, _ configuration: ModelConfiguration
    ) throws -> [String: StoredTensor] {
        var tensors: [String: StoredTensor] = [:]
        for entry in gguf.tensors where !GGUFNames.isIgnored(entry.name) {
            guard let name = GGUFNames.huggingFace(entry.name, architecture: configuration.architecture),
                let type = entry.type
            else {
                throw CheckpointError(
                    "tensor \(Escaping.quoted(entry.name)) is unknown in a \(configuration.architecture) model",
                    file: gguf.file.name, mend: "use a plain \(configuration.architecture) model")
            }
            let order = try rowOrder(name, entry, configuration)
            tensors[name] = StoredTensor(name: name, entry: entry, type: type, rowOrder: order)
        }
        return tensors
    }

    /// llama files hold q and k rows permuted within each head, other architectures don't.
    private static func rowOrder(
        _ name: String, _ entry: TensorEntry, _ configuration: ModelConfiguration
    ) throws -> StoredTensor.RowOrder {
        guard configuration.architecture == "llama" else { return .asStored }
        let heads: Int
        if name.contains(".self_attn.q_proj.") {
            heads = configuration.headCount
        } else if name.contains(".self_attn.k_proj.") {
            heads = configuration.kvHeadCount
        } else {
            return .asStored
        }
        let rows = heads * configuration.headDim
        guard entry.shape.count == 2, entry.shape[0] == rows else {
            throw CheckpointError(
                "tensor \(Escaping.quoted(entry.name)) does not fit the metadata", file: entry.file.name,
                expected: "\(rows) rows", found: "shape \(entry.shape)")
        }
        return .interleavedHalves(headDim: configuration.headDim)
    }
}
