import Foundation
import LocalGeneration
import Performance
import Reports
import RunRecords
import Tensors

/// What `bench` was asked for.
struct BenchRequest {
    var points: [BenchmarkPoint]
    /// nil for every core this process may use.
    var threads: [Int]?
    /// nil for the checkpoint's own.
    var dtypes: [DType]?
    var kernels: [KernelPolicy]
    var weights: [WeightLayout]
    var repetitions: Int
    var warmup: Int
    var speculation: Bool
    /// Matrix products alone, of weights that are compact only where that is asked for.
    var kernelsOnly: Bool
}

/// Goes through the grid of `bench`: loads the model once for each dtype, number of threads, kernels and layout of weights,
/// and measures every point with it.
struct BenchSession {
    let source: ModelSource
    let facts: ModelFacts
    let request: BenchRequest
    /// Where progress is told.
    let say: (String) -> Void

    struct Setup {
        var dtype: DType
        var threads: Int?
        var kernels: KernelPolicy
        var weights: WeightLayout
        /// Those of the grid that are measured with one load of the model.
        var points: [BenchmarkPoint]
    }

    var setups: [Setup] {
        (request.dtypes ?? [source.defaultDType]).flatMap { dtype in
            (request.threads.map { $0.map(Optional.some) } ?? [nil]).flatMap { threads in
                request.kernels.flatMap { kernels in
                    request.weights.flatMap { weights in
                        layouts(weights, dtype, threads).map {
                            Setup(
                                dtype: dtype, threads: threads, kernels: kernels, weights: $0.layout, points: $0.points)
                        }
                    }
                }
            }
        }
    }

    /// What `auto` chooses is loaded one after the other, each with its points.
    private func layouts(
        _ weights: WeightLayout, _ dtype: DType, _ threads: Int?
    ) -> [(layout: WeightLayout, points: [BenchmarkPoint])] {
        guard weights == .auto, !request.kernelsOnly, InstructionSet.detected.multipliesCompactWeights
        else {
            return [(weights, request.points)]
        }
        return [true, false].compactMap { compact in
            let points = request.points.filter {
                weights.isCompact(rows: $0.batchSize, threads: threads, dtype: dtype) == compact
            }
            return points.isEmpty ? nil : (compact ? .compact : .plain, points)
        }
    }

    /// Refuses what cannot be measured before anything is loaded.
    func check() throws {
        let room = source.checkpoint.configuration.maxPositions
        for point in request.points where point.promptTokens + point.generatedTokens > room {
            throw Failure(
                Exit.usage,
                "a prompt of \(point.promptTokens) and \(point.generatedTokens) new tokens do not fit the model's context of "
                    + "\(room); lower --prompt-tokens or --generate-tokens")
        }
    }

    /// - Parameter done: called after each point.
    func run(done: (BenchmarkRecord) -> Void) async throws {
        let sha256 = try source.checkpoint.sha256()
        let cores = HostInfo.logicalCores()
        var count = 0
        let mappedBefore = LargeBuffers.mappedBytes
        for (number, setup) in setups.enumerated() {
            if number > 0 { await LargeBuffers.settle(at: mappedBefore) }
            let loaded = try load(setup)
            say("\(name(setup, loaded)): loaded in \(Self.words(loaded.loadSeconds, 2)) s")
            let model = facts.record(sha256: sha256, weightsChanged: loaded.changedWeights)
            let costs = try ModelCosts(
                source.checkpoint, weightBytesPerStep: loaded.weightBytesPerStep, dtype: setup.dtype)
            let probe = try MachineProbe(
                threads: loaded.backend.threads, lastLevelCacheBytes: CPUFrequency.lastLevelCacheBytes())
            let runner = BenchmarkRunner(
                loaded.generator, costs: costs, vocabulary: source.checkpoint.configuration.vocabularySize
            ) {
                MachineLimits(
                    readBytesPerS: try probe.readBandwidth(), flopsPerS: probe.arithmeticPeak(setup.dtype))
            }
            for point in setup.points {
                let outcome = try await runner.measure(
                    point, repetitions: request.repetitions, warmup: request.warmup, isFirst: number == 0)
                var record = BenchmarkRecord(
                    model: model, dtype: setup.dtype.rawValue, kernels: setup.kernels.rawValue,
                    threads: loaded.backend.threads, batchSize: point.batchSize, promptTokens: point.promptTokens,
                    generatedTokens: point.generatedTokens, warmup: request.warmup, speculation: request.speculation,
                    samples: outcome.samples)
                record.add(outcome, costs: costs, point: point, loaded: loaded)
                record.warnings = BenchmarkDoubts.warnings(
                    record, governor: CPUFrequency.slowGovernor(), cores: cores)
                count += 1
                say(progress(record, count))
                done(record)
            }
        }
    }

    private func load(_ setup: Setup) throws -> LoadedModel {
        var settings = ModelSettings()
        settings.availableBytes = { HostInfo.availableMemoryBytes }
        settings.dtype = setup.dtype
        settings.threads = setup.threads
        settings.kernels = setup.kernels
        settings.weights = setup.weights
        // What is measured is the work of every token, in steps of the whole batch.
        settings.engine.prefixCache = false
        settings.engine.prefillFirst = true
        settings.engine.speculation = request.speculation
        return try LoadedModel(source, settings: settings, batchSize: setup.points.map(\.batchSize).max())
    }

    private func name(_ setup: Setup, _ loaded: LoadedModel) -> String {
        "\(facts.name) in \(setup.dtype.rawValue), \(loaded.backend.threads) threads, kernels \(setup.kernels.rawValue), "
            + "\(loaded.weightLayout.rawValue) weights"
    }

    private func progress(_ record: BenchmarkRecord, _ count: Int) -> String {
        func rate(_ value: Double?) -> String { value.map { Self.words($0, 1) } ?? "-" }
        let share = record.bandwidthShare.map { ", \(Self.words($0 * 100, 0)) % of the bandwidth" } ?? ""
        return "[\(count)/\(setups.reduce(0) { $0 + $1.points.count })] prompt \(record.promptTokens), "
            + "\(record.generatedTokens) new, batch \(record.batchSize): prefill \(rate(record.prefillTokensPerS)), "
            + "decode \(rate(record.decodeTokensPerS)) tokens/s\(share)"
    }

    private static func words(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}

extension BenchmarkRecord {
    /// What belongs to the point as a whole rather than to a repetition.
    fileprivate mutating func add(
        _ outcome: BenchmarkRunner.Outcome, costs: ModelCosts, point: BenchmarkPoint, loaded: LoadedModel
    ) {
        ttftS = Latencies(of: outcome.timings.map(\.timeToFirstToken))
        interTokenS = Latencies(of: outcome.timings.flatMap(\.interToken))
        loadS = loaded.loadSeconds
        peakRssBytes = outcome.peakRssBytes
        weightsBytes = loaded.weightsBytes
        weightLayout = loaded.weightLayout.rawValue
        kvCachePeakBytes = outcome.kvCachePeakBytes
        kvBytesPerToken = costs.kvBytesPerToken
        prefillFlops = costs.prefillFlops(point)
        if point.generatedTokens > 1 {
            decodeStepBytes = costs.decodeStepBytes(point)
            decodeStepFlops = costs.decodeStepFlops(point)
        }
    }
}
