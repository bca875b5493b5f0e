import ForeignText
import Foundation

/// A checkpoint in Hugging Face layout: config.json and safetensors or torch files beside it.
struct FolderCheckpoint: Checkpoint {
    let url: URL
    let format: String
    let configuration: ModelConfiguration
    let tensors: [String: StoredTensor]
    let mappings: [MappedFile]
    let tokenizerSource: TokenizerSource

    var files: [URL] { mappings.map(\.url) }

    /// Opens the weights at `weights` (one file or an index), described by the config.json in `folder`.
    init(url: URL, folder: URL, weights: WeightFiles) throws {
        self.url = url
        configuration = try HuggingFaceConfiguration.read(folder: folder)
        let (format, entries) = try weights.read()
        self.format = format
        var mappings: [String: MappedFile] = [:]
        var tensors: [String: StoredTensor] = [:]
        for entry in entries {
            mappings[entry.file.url.lastPathComponent] = entry.file
            if TensorEntry.isIgnored(entry.name) { continue }
            guard let type = entry.type else {
                throw CheckpointError(
                    "tensor \(Escaping.quoted(entry.name)) has type \(entry.typeName), which no weight may have",
                    file: entry.file.name, expected: "F32, F16 or BF16", mend: "convert the model to a float type")
            }
            tensors[entry.name] = StoredTensor(name: entry.name, entry: entry, type: type)
        }
        self.tensors = tensors
        self.mappings = mappings.sorted { $0.key < $1.key }.map(\.value)
        tokenizerSource = .folder(folder)
    }
}
