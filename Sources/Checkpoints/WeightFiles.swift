import Foundation

/// The weights of a Hugging Face folder: one file, or an index of several; safetensors or torch.
struct WeightFiles {
    let url: URL
    private let isIndex: Bool

    /// In the order in which they are looked for.
    static let standardNames = [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
    ]

    /// nil when the name is none of a weight file or index.
    init?(_ url: URL) {
        isIndex = url.lastPathComponent.lowercased().hasSuffix(".index.json")
        guard isIndex || Self.format(of: url) != nil else { return nil }
        self.url = url
    }

    /// The weights in `folder`; nil when there are none.
    static func find(in folder: URL) -> WeightFiles? {
        standardNames.lazy.map { folder.appendingPathComponent($0) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
            .flatMap { WeightFiles($0) }
    }

    /// "safetensors" or "torch" by the name of one file; nil for other names.
    private static func format(of url: URL) -> String? {
        switch url.pathExtension.lowercased() {
        case "safetensors": "safetensors"
        case "bin", "pt", "pth": "torch"
        default: nil
        }
    }

    /// The table of one weight file.
    static func entries(of url: URL) throws -> [TensorEntry] {
        switch format(of: url) {
        case "safetensors": return try SafetensorsFile(MappedFile(url)).tensors
        case "torch": return try TorchFile(MappedFile(url)).tensors
        default:
            throw CheckpointError(
                "this is no weight file", file: url.relativePath, expected: ".safetensors or .bin",
                mend: "give a file of these kinds")
        }
    }

    /// Format and tensors. For an index, of all shards, which must have one format.
    func read() throws -> (format: String, entries: [TensorEntry]) {
        guard isIndex else { return (Self.format(of: url) ?? "", try Self.entries(of: url)) }
        let index = try ShardIndex(url)
        let formats = Set(index.shards.map { Self.format(of: index.location(of: $0)) ?? "" })
        guard formats.count == 1, let format = formats.first else {
            throw CheckpointError(
                "the shards have different formats", file: url.relativePath,
                found: formats.sorted().joined(separator: ", "))
        }
        return (format, try index.entries(Self.entries))
    }
}
