import Foundation

/// Describes what is there of a model in a folder: configuration, weights, tokenizer, chat template.
enum FolderInspection {
    static func inspect(_ folder: URL) throws -> ModelDescription {
        func existing(_ name: String) -> URL? {
            let url = folder.appendingPathComponent(name)
            return FileManager.default.fileExists(atPath: url.path) ? url : nil
        }
        var description = ModelDescription(file: folder.relativePath, kind: "folder")
        var isEmpty = true
        if let url = existing("config.json") {
            isEmpty = false
            description.architecture = try HuggingFaceConfiguration.read(folder: folder).architecture
            description.metadata = try JSONFile.object(in: url, limit: HuggingFaceConfiguration.sizeLimit).items
        }
        if WeightFiles.find(in: folder) != nil {
            isEmpty = false
            let checkpoint = try CheckpointLoader.open(folder)
            try checkpoint.requireAllTensors()
            description.isModel = true
            description.tensors = checkpoint.tensorNames.compactMap { checkpoint.tensor($0) }
                .map { .init(name: $0.name, type: $0.type.rawValue.uppercased(), shape: $0.shape) }
            description.parameters = checkpoint.parameterCount
            description.storedType = checkpoint.storedType
            description.sha256 = try checkpoint.sha256()
        }
        if let url = existing("tokenizer.model") {
            isEmpty = false
            description.tokenizer = try SentencePieceValidation.model(url)
        }
        if let url = existing("tokenizer.json") {
            isEmpty = false
            description.tokenizer = try TokenizerValidation.tokenizer(url)
        }
        if let url = existing("tokenizer_config.json") {
            isEmpty = false
            description.chatTemplate = try TokenizerValidation.configuration(url)
        }
        guard !isEmpty else {
            throw CheckpointError(
                "there is no model in this folder", file: folder.relativePath,
                expected: "config.json, " + WeightFiles.standardNames.joined(separator: ", "), mend: "check the path")
        }
        return description
    }
}
