import ForeignText
import Foundation

/// Looks into model folders and single model files, validating all of what it shows.
package enum ModelInspection {
    /// Describes a folder in Hugging Face layout or one file of any kind that belongs to a model.
    /// Throws `CheckpointError` for everything that could not be loaded safely.
    package static func inspect(_ url: URL) throws -> ModelDescription {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw CheckpointError("no such file or folder", file: url.relativePath, mend: "check the path")
        }
        if isFolder.boolValue { return try FolderInspection.inspect(url) }
        let name = url.lastPathComponent.lowercased()
        if name.hasSuffix(".gguf") { return try gguf(url) }
        if name.hasSuffix("tokenizer_config.json") { return try tokenizerConfiguration(url) }
        if name.hasSuffix("tokenizer.json") { return try tokenizer(url) }
        if name.hasSuffix("tokenizer.model") || name.hasSuffix(".spm") { return try sentencePiece(url) }
        if let weights = WeightFiles(url) { return try self.weights(weights) }
        if name.hasSuffix("config.json") { return try configuration(url) }
        throw CheckpointError(
            "this kind of file is unknown", file: url.relativePath,
            expected: ".safetensors, .gguf, .bin, *.index.json, config.json, tokenizer.json, tokenizer_config.json or "
                + "tokenizer.model", mend: "give one of these, or the model's folder")
    }

    /// Describes a shape, for which there is no file.
    package static func inspect(_ shape: ModelShape) -> ModelDescription {
        let checkpoint = ShapeCheckpoint(shape)
        var description = ModelDescription(file: ModelShape.prefix + shape.name, kind: "shape, random weights")
        description.architecture = shape.configuration.architecture
        description.tensors = checkpoint.tensorNames.compactMap { checkpoint.tensor($0) }
            .map { .init(name: $0.name, type: $0.type.rawValue.uppercased(), shape: $0.shape) }
        description.parameters = checkpoint.parameterCount
        description.storedType = checkpoint.storedType
        description.sha256 = checkpoint.sha256()
        return description
    }

    private static func weights(_ weights: WeightFiles) throws -> ModelDescription {
        let (format, entries) = try weights.read()
        let isIndex = weights.url.pathExtension.lowercased() == "json"
        var description = ModelDescription(
            file: weights.url.relativePath, kind: isIndex ? "shard index" : format)
        description.setTensors(entries)
        if isIndex {
            description.sha256 = try WeightsDigest.sha256(Self.mappings(of: entries))
        } else {
            let file = try MappedFile(weights.url)
            description.sha256 = try WeightsDigest.sha256(file)
            if format == "safetensors" {
                description.metadata = try SafetensorsFile(file).metadata.map { .init(key: $0.key, value: $0.value) }
            }
        }
        return description
    }

    /// The files behind `entries`, each once.
    private static func mappings(of entries: [TensorEntry]) -> [MappedFile] {
        var seen: [String: MappedFile] = [:]
        for entry in entries { seen[entry.file.name] = entry.file }
        return Array(seen.values)
    }

    private static func gguf(_ url: URL) throws -> ModelDescription {
        let gguf = try GGUFFile(MappedFile(url))
        let configuration = try GGUFConfiguration(gguf.metadata)
        let vocabulary = try GGUFTokenizerMetadata(gguf.metadata)
        try vocabulary?.checkMerges(file: gguf.file.name)
        if let template = vocabulary?.chatTemplate {
            try TemplateValidation.check(template, file: gguf.file.name, place: "tokenizer.chat_template")
        }
        var description = ModelDescription(file: url.relativePath, kind: "gguf")
        // A file with some tensors only is described; one that claims to be a model must be a whole one.
        if configuration.describesModel {
            description.isModel = true
            let (configuration, tensors) = try GGUFCheckpoint.contents(of: gguf, tokenizer: vocabulary)
            try ArchitectureTensors.check(tensors, configuration, file: gguf.file.name)
        }
        description.architecture = configuration.architecture
        description.setTensors(gguf.tensors)
        description.metadata = gguf.metadata.entries
            .filter { $0.key != "tokenizer.chat_template" }
            .map { .init(key: $0.key, value: $0.value.text) }
        description.tokenizer = vocabulary.map {
            .init(kind: $0.model, tokens: $0.tokens.count, merges: $0.merges?.count)
        }
        description.chatTemplate = vocabulary?.chatTemplate
        description.sha256 = try WeightsDigest.sha256(gguf.file)
        return description
    }

    private static func configuration(_ url: URL) throws -> ModelDescription {
        var description = ModelDescription(file: url.relativePath, kind: "config")
        if url.lastPathComponent != "generation_config.json" {
            description.architecture = try HuggingFaceConfiguration.read(url, generation: nil).architecture
        }
        description.metadata = try JSONFile.object(in: url, limit: HuggingFaceConfiguration.sizeLimit).items
        description.sha256 = try WeightsDigest.sha256(MappedFile(url))
        return description
    }

    private static func tokenizer(_ url: URL) throws -> ModelDescription {
        var description = ModelDescription(file: url.relativePath, kind: "tokenizer")
        description.tokenizer = try TokenizerValidation.tokenizer(url)
        description.sha256 = try WeightsDigest.sha256(MappedFile(url))
        return description
    }

    private static func sentencePiece(_ url: URL) throws -> ModelDescription {
        var description = ModelDescription(file: url.relativePath, kind: "sentencepiece")
        description.tokenizer = try SentencePieceValidation.model(url)
        description.sha256 = try WeightsDigest.sha256(MappedFile(url))
        return description
    }

    private static func tokenizerConfiguration(_ url: URL) throws -> ModelDescription {
        var description = ModelDescription(file: url.relativePath, kind: "tokenizer config")
        description.chatTemplate = try TokenizerValidation.configuration(url)
        description.metadata = try JSONFile.object(in: url, limit: HuggingFaceConfiguration.sizeLimit).items
            .filter { $0.key != "chat_template" }
        description.sha256 = try WeightsDigest.sha256(MappedFile(url))
        return description
    }
}

extension JSONObject {
    /// Keys and short values, for display.
    var items: [ModelDescription.Item] {
        entries.map { .init(key: $0.key, value: $0.value.string ?? $0.value.summary) }
    }
}
