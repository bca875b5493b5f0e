import ArgumentParser
import Checkpoints
import Foundation
import LanguageModels
import LocalGeneration
import Performance
import Tensors

extension DType: ExpressibleByArgument {}
extension KernelPolicy: ExpressibleByArgument {}
extension WeightLayout: ExpressibleByArgument {}

/// Which model, and how its arithmetic is done.
struct ModelArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A folder in Hugging Face layout, a .gguf file, a known name, or shape:NAME for random weights (see 'model list').",
            valueName: "path"))
    var model: String = EmbeddedModel.name

    @Option(name: .long, help: "Threads of the engine (default: every core this process may use).")
    var threads: Int?

    @Option(name: .long, help: "Who multiplies matrices: auto, openblas or native.")
    var kernels: KernelPolicy = .auto

    @Option(
        name: .long,
        help:
            "How weights lie in memory: plain, or compact where they are bf16 numbers, which loses nothing (auto: for few sequences)."
    )
    var weights: WeightLayout = .auto

    @Flag(name: .long, help: "Compute the beginning of every prompt, also where others begin with the same.")
    var noPrefixCache = false

    @Flag(name: .long, help: "One token a sequence and step: no guesses verified several at once.")
    var noSpeculation = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Yuan2: whether attention starts anew after <eod>, on or off (default: the configuration's).",
            valueName: "on|off"))
    var resetAttention: Switch?

    @Option(name: .long, help: "How RoPE angles are computed: fp32, or bf16 as Yuan2's trainer did.")
    var ropeAngles: Angles = .fp32

    enum Switch: String, CaseIterable, ExpressibleByArgument { case on, off }
    enum Angles: String, CaseIterable, ExpressibleByArgument { case fp32, bf16 }

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["--model": model])
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads), expected 1 to 1024.")
        }
    }

    func settings(dtype: DType?) -> ModelSettings {
        var settings = ModelSettings()
        settings.dtype = dtype
        settings.threads = threads
        settings.kernels = kernels
        settings.weights = weights
        settings.availableBytes = { HostInfo.availableMemoryBytes }
        settings.engine.prefixCache = !noPrefixCache
        settings.engine.speculation = !noSpeculation
        settings.options.resetAttentionAtEOD = resetAttention.map { $0 == .on }
        settings.options.rotaryAngles = ropeAngles == .bf16 ? .bf16 : .fp32
        return settings
    }

    /// Opens the model's files.
    func open() throws -> ModelSource { try Self.open(model) }

    /// Opens a model by path, known name or `shape:NAME`.
    static func open(_ model: String) throws -> ModelSource { try open(model) { _ in }.source }

    /// The same, and begins to hash the weights, which takes one core as long as tokenizer and weights take to be read.
    func openHashing() throws -> (source: ModelSource, sha256: Task<String, any Error>) {
        let (source, hashing) = try Self.open(model) { checkpoint in Task.detached { try checkpoint.sha256() } }
        return (source, hashing)
    }

    private static func open<Beside>(
        _ model: String, beside: (any Checkpoint) -> Beside
    ) throws -> (source: ModelSource, beside: Beside) {
        func open(_ checkpoint: any Checkpoint) throws -> (source: ModelSource, beside: Beside) {
            let started = beside(checkpoint)
            return (try ModelSource(checkpoint), started)
        }
        if let shape = try ModelShape.named(model) { return try open(ShapeCheckpoint(shape)) }
        return try ModelCatalogue.withFiles(of: model) { try open(CheckpointLoader.open($0)) }
    }
}
