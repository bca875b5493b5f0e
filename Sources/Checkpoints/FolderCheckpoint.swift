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
        let entries = try weights.entries()
        format = weights.format
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

/// The weights of a folder: one file, or several with an index; safetensors or torch.
enum WeightFiles {
    case safetensors(URL)
    case safetensorsIndex(URL)
    case torch(URL)
    case torchIndex(URL)

    /// In the order in which they are looked for.
    static let standardNames = [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
    ]

    /// nil when the name is none of a weight file.
    init?(_ url: URL) {
        let name = url.lastPathComponent.lowercased()
        if name.hasSuffix(".safetensors") {
            self = .safetensors(url)
        } else if name.hasSuffix(".safetensors.index.json") {
            self = .safetensorsIndex(url)
        } else if name.hasSuffix(".bin") || name.hasSuffix(".pt") || name.hasSuffix(".pth") {
            self = .torch(url)
        } else if name.hasSuffix(".bin.index.json") {
            self = .torchIndex(url)
        } else {
            return nil
        }
    }

    /// The weights in `folder`.
    static func find(in folder: URL) throws -> WeightFiles {
        for name in standardNames {
            let url = folder.appendingPathComponent(name)
            if FileManager.default.fileExists(atPath: url.path), let weights = WeightFiles(url) { return weights }
        }
        throw CheckpointError(
            "no weights in the folder", file: folder.relativePath,
            expected: standardNames.joined(separator: ", "), mend: "download them, or give a .gguf file by its own path"
        )
    }

    var format: String {
        switch self {
        case .safetensors, .safetensorsIndex: "safetensors"
        case .torch, .torchIndex: "torch"
        }
    }

    func entries() throws -> [TensorEntry] {
        switch self {
        case .safetensors(let url): try SafetensorsFile(MappedFile(url)).tensors
        case .torch(let url): try TorchFile(MappedFile(url)).tensors
        case .safetensorsIndex(let url):
            try ShardIndex(url).entries { try SafetensorsFile(MappedFile($0)).tensors }
        case .torchIndex(let url): try ShardIndex(url).entries { try TorchFile(MappedFile($0)).tensors }
        }
    }
}
