import Checkpoints
import Foundation
import Generation
import LanguageModels
import Tensors
import Tokenizers

/// How a model is to be run.
package struct ModelSettings: Sendable {
    /// nil: the configuration's `torch_dtype`, else the stored float dtype, else bf16.
    package var dtype: DType?
    /// nil: every core this process may use.
    package var threads: Int?
    package var kernels: KernelPolicy = .auto
    package var weights: WeightLayout = .auto
    package var options = ModelOptions()
    package var engine = EngineOptions()
    /// Asked just before weights are read: the memory there is for them; nil where it is not known.
    package var availableBytes: @Sendable () -> Int? = { nil }

    package init() {}
}

/// A checkpoint with its tokenizer and chat template, before any weight is read.
package struct ModelSource: Sendable {
    package let checkpoint: any Checkpoint
    package let tokenizer: (any Tokenizer)?
    package let template: ChatTemplate?
    package let templateVariables: [String: String]

    /// Opens and cross-checks the files of a model.
    ///
    /// - Throws: an error that names the file when one is missing, malformed, or does not fit the others.
    package init(_ url: URL) throws { try self.init(CheckpointLoader.open(url)) }

    package init(_ checkpoint: any Checkpoint) throws {
        self.checkpoint = checkpoint
        let configuration = checkpoint.configuration
        try checkpoint.requireAllTensors()
        switch checkpoint.tokenizerSource {
        case .folder(let folder):
            let found = TokenizerLoader.isPresent(in: folder)
            tokenizer =
                found ? try TokenizerLoader.load(folder: folder, family: configuration.architecture) : nil
            template = try ChatTemplate.load(folder: folder)
            templateVariables = try ChatTemplate.variables(folder: folder)
        case .gguf(let metadata):
            let vocabulary = GGUFVocabulary(metadata)
            let tokenizer = try TokenizerLoader.load(gguf: vocabulary)
            self.tokenizer = tokenizer
            template = try metadata.chatTemplate.map { try ChatTemplate(source: $0) }
            templateVariables = vocabulary.templateVariables
        case .bytes:
            tokenizer = ByteTokenizer()
            template = nil
            templateVariables = [:]
        }
        if let tokenizer, tokenizer.vocabularySize > configuration.vocabularySize {
            throw ModelError(
                "\(checkpoint.url.lastPathComponent): the tokenizer names \(tokenizer.vocabularySize) tokens, but the model's "
                    + "vocabulary has \(configuration.vocabularySize); tokenizer and weights belong to different "
                    + "models")
        }
    }

    /// The dtype of a run that does not ask for one.
    package var defaultDType: DType {
        for name in [checkpoint.configuration.torchDtype, checkpoint.storedType] {
            switch name {
            case "float32", "f32": return .fp32
            case "bfloat16", "bf16": return .bf16
            case "float16", "f16": return .fp16
            default: continue
            }
        }
        return .bf16
    }

    /// Looks whether the weights fit into memory before any is read. A small file can hold a large model: quantised weights
    /// are unpacked, and a torch file may name one storage as the weights of thousands of layers.
    package func requireRoom(dtype: DType, availableBytes: Int?) throws {
        guard let availableBytes else { return }
        let (bytes, overflow) = checkpoint.parameterCount.multipliedReportingOverflow(by: dtype.byteCount)
        guard overflow || bytes > availableBytes else { return }
        throw ModelError(
            "\(checkpoint.url.lastPathComponent): the weights take \(overflow ? "too many" : "\(bytes)") bytes in "
                + "\(dtype.rawValue), and \(availableBytes) bytes of memory are free; take a smaller model"
                + (dtype == .fp32 ? ", another --dtype" : "") + " or a host with more memory")
    }

    /// Ids that end a sequence: the configuration's and the tokenizer's.
    package var endTokens: Set<Int> {
        Set(checkpoint.configuration.eosTokenIDs + (tokenizer?.eosTokenIDs ?? []))
    }
}

/// What loading a model found out, beside the generator that runs it.
package struct LoadedModel: Sendable {
    package let generator: LocalGenerator
    package let dtype: DType
    package let backend: BackendDescription
    package let weightsBytes: Int
    /// Of those, what a decode step reads: all but the rows of an embedding table that is not the head too.
    package let weightBytesPerStep: Int
    /// `.compact` if there are compact matrices, else `.plain`.
    package let weightLayout: WeightLayout
    package let changedWeights: Int
    package let overflowedWeights: Int
    package let loadSeconds: Double

    /// Reads and packs the weights.
    ///
    /// - Parameter batchSize: sequences that will share a step, by which the layout of the weights is chosen too; nil where
    ///   the generator's `sizeBatch` will decide.
    package init(_ source: ModelSource, settings: ModelSettings, batchSize: Int?) throws {
        let start = ContinuousClock.now
        let dtype = settings.dtype ?? source.defaultDType
        let backend = try Backend(
            dtype: dtype, threads: settings.threads, kernels: settings.kernels,
            packsCompactly: settings.weights.isCompact(
                rows: batchSize ?? .max, threads: settings.threads, dtype: dtype))
        try source.requireRoom(dtype: dtype, availableBytes: settings.availableBytes())
        let model = try LanguageModel(source.checkpoint, backend: backend, options: settings.options)
        self.dtype = dtype
        self.backend = backend.description
        weightsBytes = model.weightsBytes
        weightBytesPerStep = model.weightsBytes - model.lookedUpBytes
        weightLayout = model.weightLayout
        changedWeights = model.changedWeights
        overflowedWeights = model.overflowedWeights
        generator = LocalGenerator(
            model: model, tokenizer: source.tokenizer, template: source.template,
            templateVariables: source.templateVariables, endTokens: source.endTokens, batchSize: batchSize ?? 1,
            options: settings.engine)
        loadSeconds = (ContinuousClock.now - start).seconds
    }
}
