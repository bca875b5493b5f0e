import Evaluation
import Foundation
import Generation
import LocalGeneration
import Performance
import Precision
import RunRecords
import Tensors

/// Dtypes compared on prompts of token ids: nothing is scored, everything else is as on problems.
struct TokenPromptStudy {
    let eval: Eval
    let dtypes: [DType]
    let prompts: [[Int]]

    func run() async throws {
        let source = try eval.modelArguments.open()
        let sha256 = try source.checkpoint.sha256()
        let model = ModelFacts(source, name: eval.modelArguments.model)
        let host = Host.record(try Backend(dtype: .fp32).description)
        let ids = prompts.indices.map { "tokens/\($0)" }
        var runs: [RunReport] = []
        let mappedBefore = LargeBuffers.mappedBytes
        for dtype in dtypes {
            if !runs.isEmpty { await LargeBuffers.settle(at: mappedBefore) }
            if !eval.runArguments.quiet { Talk.say("\(dtype.rawValue): generating") }
            runs.append(try await generate(dtype, ids, source, model, sha256, isFirst: runs.isEmpty))
        }
        var extent = PrecisionStudy.Extent.full
        if let positions = eval.forcedPositions { extent.positions = positions }
        var report = RunDirectory.report(host: host, runs: runs)
        report.comparisons = try DtypeComparisons.make(
            runs, prompts: Dictionary(uniqueKeysWithValues: zip(ids, prompts)), source: source,
            settings: eval.modelArguments.settings(dtype: nil), extent: extent, quiet: eval.runArguments.quiet)
        let folder = eval.runArguments.folder(named: "\(model.name)-tokens")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(Exit.cannotWrite, "\(folder.path): cannot be made (\(error.localizedDescription))")
        }
        try RunDirectory.finish(report, in: folder, arguments: eval.runArguments)
    }

    /// Prompts of token ids are few: `auto` takes all of them at once, up to 32.
    private var batchSize: Int {
        eval.batchSize.number ?? min(32, max(1, prompts.count))
    }

    private func generate(
        _ dtype: DType, _ ids: [String], _ source: ModelSource, _ model: ModelFacts, _ sha256: String, isFirst: Bool
    ) async throws -> RunReport {
        let peak = PeakMemory(isFirstRun: isFirst)
        let loaded = try LoadedModel(
            source, settings: eval.modelArguments.settings(dtype: dtype), batchSize: batchSize)
        let recorder = TimingRecorder(loaded.generator)
        let limit = eval.maxNewTokens ?? 64
        var records: [String: ProblemRecord] = [:]
        let requests = zip(ids, prompts).map {
            GenerationRequest(id: $0.0, prompt: .tokens($0.1), maxNewTokens: limit)
        }
        for try await event in recorder.generate(requests) {
            switch event {
            case .text: break
            case .failed(let id, let reason): throw Failure(Exit.badInput, "\(id): \(reason)")
            case .finished(let result): records[result.id] = record(result)
            }
        }
        try Task.checkCancellation()
        let problems = ids.compactMap { records[$0] }
        let statistics = await recorder.statistics
        return RunReport(
            model: model.record(sha256: sha256, weightsChanged: loaded.changedWeights),
            dataset: DatasetRecord(
                name: "token prompts", version: nil, problems: problems.count,
                sha256: Judge.sha256(ofTokens: prompts.flatMap { [$0.count] + $0 })),
            settings: SettingsRecord(
                dtype: dtype.rawValue, decoding: "greedy", prompt: "tokens", extraction: "none", maxNewTokens: limit,
                batchSize: batchSize, threads: loaded.backend.threads,
                kernels: eval.modelArguments.kernels.rawValue, stop: []),
            accuracy: AccuracyRecord(metric: "pass@1", records: problems),
            throughput: ThroughputRecord(statistics: statistics, timings: recorder.timings),
            memory: MemoryRecord(peak: peak, statistics: statistics),
            isolation: IsolationRecord(
                level: "none needed", description: "nothing is scored", interpreters: [:]), problems: problems)
    }

    private func record(_ result: GenerationResult) -> ProblemRecord {
        ProblemRecord(
            id: result.id, verdict: "skipped", detail: "prompts of token ids are not scored",
            promptTokens: result.promptTokens.count, generatedTokens: result.tokens.count,
            finishReason: result.finishReason.rawValue, extracted: "", completion: result.text, extraction: "none",
            tokensSha256: Judge.sha256(ofTokens: result.tokens), tokens: result.tokens,
            ttftS: result.timing.timeToFirstToken,
            generationS: result.timing.interToken.reduce(result.timing.timeToFirstToken, +))
    }
}
