import ArgumentParser
import Evaluation
import Foundation
import Generation
import LocalGeneration
import Performance
import Precision
import Reports
import RunRecords
import Tensors

extension PromptMode: ExpressibleByArgument {}

struct Eval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluates a model on problem sets, in one or several dtypes, and writes a report.",
        discussion: """
            Generates greedily unless told otherwise, scores by running tests in a box or by exact match, and writes run.json, \
            results.jsonl, report.json and report.md. Interrupt it at any time: --resume goes on.

            Example:
              yuanbench eval --model smollm2-135m-instruct --dataset humaneval --limit 20 --dtype bf16,fp16
            """)

    @OptionGroup var modelArguments: ModelArguments

    @Option(name: .long, help: "A problem set by name or path (repeatable).")
    var dataset: [String] = [Eval.usualDataset]

    /// What plain `eval` takes.
    static let usualDataset = "yuanbench-python"

    @Option(name: .long, help: "A protocol by name: \(Preset.names). Other options win over it.")
    var preset: String?

    @Option(name: .long, help: "Arithmetic, one or several of fp32,bf16,fp16 (default: the checkpoint's own).")
    var dtype: String?

    @Option(name: .long, help: "How problems are put: auto, completion, chat or yuan.")
    var prompt: PromptMode = .auto

    @Option(name: .long, help: "Language of the prompts, where the set has several: en or zh.")
    var language: String?

    @Option(name: .long, help: ArgumentHelp("For --prompt yuan: HumanEval-textprompts.jsonl.", valueName: "file"))
    var yuanPrompts: String?

    @Option(name: .long, help: "Only the first N problems of each set.")
    var limit: Int?

    @Option(name: .long, help: ArgumentHelp("Only these problems.", valueName: "a,b,…"))
    var ids: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only part i of n (from 1); 'auto' takes both from a SLURM array or a Kubernetes indexed job, 'auto/n' the part.",
            valueName: "i/n|auto"))
    var shard: ShardArgument?

    @Option(name: .long, help: "New tokens at most (default: the set's).")
    var maxNewTokens: Int?

    @Option(name: .long, help: "The rule that cuts the answer out of the text (default: the set's).")
    var extraction: String?

    @OptionGroup var samplingArguments: SamplingArguments

    @Option(
        name: .long, help: ArgumentHelp("Samples of each problem; more than one needs --temperature.", valueName: "n"))
    var samples = 1

    @OptionGroup var passAtK: PassAtKArguments

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Sequences generated side by side: a number, or auto for what memory allows.", valueName: "n"))
    var batchSize = BatchSize.auto

    @Option(
        name: .long,
        help: ArgumentHelp("Compare with this report or run folder and exit by the gate.", valueName: "report"))
    var baseline: String?

    @OptionGroup var gate: GateArguments

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With several dtypes: positions whose logits are compared (default: 2048; precision: 16384; 0: none).",
            valueName: "n"))
    var forcedPositions: Int?

    @OptionGroup var endpointArguments: EndpointEvaluationArguments
    @OptionGroup var box: BoxArguments
    @OptionGroup var runArguments: RunArguments

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["--baseline": baseline])
        try GivenPaths.refuseEmpty("--dataset", dataset)
        for (name, value) in [("limit", limit), ("max-new-tokens", maxNewTokens)] {
            if let value, !(1...1_000_000).contains(value) {
                throw ValidationError("--\(name) is \(value), expected at least 1.")
            }
        }
        if let forcedPositions, !(0...10_000_000).contains(forcedPositions) {
            throw ValidationError("--forced-positions is \(forcedPositions), expected 0 to 10,000,000.")
        }
        if !(1...100_000).contains(samples) {
            throw ValidationError("--samples is \(samples), expected 1 to 100,000.")
        }
        if samples > 1 && samplingArguments.isGreedy {
            throw ValidationError("--samples \(samples) needs a --temperature: greedy answers are all the same.")
        }
        _ = try dtypes()
    }

    /// The dtypes asked for, each once; nil for the checkpoint's own.
    func dtypes() throws -> [DType]? {
        guard let dtype else { return nil }
        var result: [DType] = []
        for name in dtype.split(separator: ",", omittingEmptySubsequences: false) {
            guard let one = DType(rawValue: String(name)) else {
                throw ValidationError("--dtype: unknown dtype \"\(name)\"; expected fp32, bf16 or fp16.")
            }
            if !result.contains(one) { result.append(one) }
        }
        return result
    }

    func run() async throws {
        if let preset { return try await filled(by: Preset.named(preset)).run() }
        try await run(dtypes: dtypes(), extent: .brief)
    }

    /// - Parameters:
    ///   - chosen: dtypes in the order they run in; nil for the checkpoint's own.
    ///   - extent: how far several dtypes are compared, unless --forced-positions says.
    func run(dtypes chosen: [DType]?, extent: PrecisionStudy.Extent) async throws {
        if endpointArguments.areGiven { return try await EndpointEvaluation(eval: self, isPrecision: false).run() }
        let (source, hashing) = try modelArguments.openHashing()
        let plans = try makePlans(hasTemplate: source.template != nil)
        let model = ModelFacts(source, name: modelArguments.model)
        let dtypes = chosen ?? [source.defaultDType]
        func load(_ dtype: DType) throws -> LoadedModel {
            try LoadedModel(source, settings: modelArguments.settings(dtype: dtype), batchSize: batchSize.number)
        }
        let mappedBefore = LargeBuffers.mappedBytes
        var peak = PeakMemory(isFirstRun: true)
        // Whether there is anything to generate is known before only of a new run.
        var first = try runArguments.resume ? nil : dtypes.first.map(load)
        let sha256 = try await hashing.value
        let session = try await EvaluationSession(
            self, plans: plans,
            contenders: dtypes.map { dtype in
                EvaluationSession.Contender(
                    name: dtype.rawValue, label: dtype.rawValue, dtype: dtype.rawValue,
                    identity: [
                        "dtype": dtype.rawValue, "model_sha256": sha256, "kernels": modelArguments.kernels.rawValue,
                    ])
            }, model: model.name)

        var reports: [RunReport] = []
        for (dtype, contender) in zip(dtypes, session.contenders) {
            if !reports.isEmpty {
                await LargeBuffers.settle(at: mappedBefore)
                peak = PeakMemory(isFirstRun: false)
            }
            // A run that is complete already needs no model: nothing would be generated.
            let loaded = try first ?? (session.isOpen(contender) ? load(dtype) : nil)
            first = nil
            for plan in plans {
                let batch = await decideBatch(plan, loaded)
                let recorder = TimingRecorder(loaded?.generator ?? NoGenerator())
                let before = await recorder.statistics
                let records = try await session.records(plan, contender, recorder)
                let after = await recorder.statistics
                let measured = after.generatedTokens > before.generatedTokens
                reports.append(
                    RunReport(
                        model: model.record(sha256: sha256, weightsChanged: loaded?.changedWeights),
                        dataset: plan.datasetRecord,
                        settings: SettingsRecord(
                            dtype: dtype.rawValue, decoding: plan.decoding, prompt: plan.mode.name,
                            extraction: plan.extraction, maxNewTokens: plan.maxNewTokens, batchSize: batch,
                            threads: loaded?.backend.threads, kernels: modelArguments.kernels.rawValue, stop: plan.stop,
                            batchSizeAuto: batchSize == .auto, shard: plan.shard, sampling: plan.sampling),
                        accuracy: AccuracyRecord(metric: plan.metric, records: records, ks: session.ks),
                        throughput: measured
                            ? ThroughputRecord(statistics: after, since: before, timings: recorder.timings) : nil,
                        memory: measured ? MemoryRecord(peak: peak, statistics: after) : nil,
                        isolation: session.isolation, problems: records))
            }
        }
        var extent = extent
        if let forcedPositions { extent.positions = forcedPositions }
        // Where tokens are drawn, another token is not explained by logits: answers alone are compared.
        if !samplingArguments.isGreedy { extent.positions = 0 }
        try await session.finish(reports, unanswered: Exit.badInput) {
            try DtypeComparisons.make(
                reports, plans: plans, source: source, settings: modelArguments.settings(dtype: nil), extent: extent,
                quiet: runArguments.quiet)
        }
    }

    /// The number of sequences side by side for a plan, computed where it was left to us; nil when nothing is generated.
    private func decideBatch(_ plan: EvaluationPlan, _ model: LoadedModel?) async -> Int? {
        guard let model, batchSize == .auto else { return batchSize.number }
        let sizing = await model.generator.sizeBatch(
            for: plan.answers.map(\.request), availableBytes: HostInfo.availableMemoryBytes)
        if !runArguments.quiet { Talk.say("\(sizing)") }
        return sizing.size
    }

    func makePlans(hasTemplate: Bool) throws -> [EvaluationPlan] {
        let library = Datasets.library
        let wanted = ids?.split(separator: ",").map(String.init)
        let yuan = try (yuanPrompts.map { URL(fileURLWithPath: $0) } ?? DatasetPull(library: library).pulledYuanPrompts)
            .map { try YuanPrompts.read(contentsOf: $0) }
        let shard = try shard?.resolved()
        return try dataset.map { name in
            let set = try library.load(name)
            let whole = try EvaluationPlan(
                dataset: set, mode: prompt.resolved(for: set.declaration, modelHasChatTemplate: hasTemplate),
                language: language, ids: wanted, limit: limit, maxNewTokens: maxNewTokens, extraction: extraction,
                yuanPrompts: prompt == .yuan ? yuan : nil, sampling: samplingArguments.record(samples: samples))
            return try shard.map(whole.part) ?? whole
        }
    }
}

/// What a report says of a model, whatever the dtype of the run.
struct ModelFacts {
    let name: String
    private let source: ModelSource

    init(_ source: ModelSource, name: String) {
        self.source = source
        let last = URL(fileURLWithPath: name).lastPathComponent
        self.name = last.hasSuffix(".gguf") ? String(last.dropLast(5)) : last
    }

    func record(sha256: String, weightsChanged: Int?) -> ModelRecord {
        ModelRecord(
            name: name, architecture: source.checkpoint.configuration.architecture, format: source.checkpoint.format,
            parameters: source.checkpoint.parameterCount, sha256: sha256, storedDtype: source.checkpoint.storedType,
            weightsChanged: weightsChanged)
    }
}

/// The generator of a run in which everything is already done.
private struct NoGenerator: Generator {
    func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        AsyncThrowingStream { continuation in
            for request in requests {
                continuation.yield(.failed(id: request.id, reason: "the model was not loaded; run with --resume again"))
            }
            continuation.finish()
        }
    }

    var statistics: GenerationStatistics { GenerationStatistics() }
}
