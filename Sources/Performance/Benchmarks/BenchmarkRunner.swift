import Generation
import RunRecords

/// Measures one point of a grid after the other with a generator that is loaded already.
package struct BenchmarkRunner: Sendable {
    private let generator: any Generator
    private let costs: ModelCosts
    private let vocabulary: Int
    private let energy = EnergyCounter()
    /// Measures the host with the run's threads.
    private let probe: @Sendable () throws -> MachineLimits

    package init(
        _ generator: any Generator, costs: ModelCosts, vocabulary: Int,
        probe: @escaping @Sendable () throws -> MachineLimits
    ) {
        self.generator = generator
        self.costs = costs
        self.vocabulary = vocabulary
        self.probe = probe
    }

    /// What all repetitions of a point gave.
    package struct Outcome: Sendable {
        package var samples: [BenchmarkSample] = []
        package var timings: [SequenceTiming] = []
        package var peakRssBytes: Int?
        package var kvCachePeakBytes: Int?
    }

    /// - Parameter isFirst: nothing of size happened in this process before.
    /// - Throws: `CancellationError`, what the probe throws, or `BenchmarkFailure` when the generator refuses the point.
    package func measure(
        _ point: BenchmarkPoint, repetitions: Int, warmup: Int, isFirst: Bool
    ) async throws -> Outcome {
        var outcome = Outcome()
        for _ in 0..<warmup { _ = try await generate(point) }
        for repetition in 0..<repetitions {
            let before = try probe()
            let peak = PeakMemory(isFirstRun: isFirst && repetition == 0)
            let (earlier, load, joules) = (await generator.statistics, MachineLoad.now, energy?.read())
            let timings = try await generate(point)
            let (later, loadAfter, joulesAfter) = (await generator.statistics, MachineLoad.now, energy?.read())
            if let bytes = peak.bytes { outcome.peakRssBytes = max(outcome.peakRssBytes ?? 0, bytes) }
            var sample = BenchmarkSample(
                point: point, costs: costs, statistics: later, since: earlier, timings: timings,
                limits: before.best(with: try probe()))
            if let load, let shares = loadAfter?.shares(since: load) {
                sample.stealShare = shares.steal
                sample.otherLoadShare = shares.others
            }
            if let joules, let joulesAfter { sample.energyJ = energy?.joules(from: joules, to: joulesAfter) }
            outcome.samples.append(sample)
            outcome.timings += timings
            outcome.kvCachePeakBytes = later.kvCachePeakBytes > 0 ? later.kvCachePeakBytes : nil
        }
        return outcome
    }

    /// All sequences of a point at once, to their last token whatever that is.
    private func generate(_ point: BenchmarkPoint) async throws -> [SequenceTiming] {
        let requests = (0..<point.batchSize).map { index in
            GenerationRequest(
                id: "\(index)", prompt: .tokens(point.prompt(ofSequence: index, vocabulary: vocabulary)),
                maxNewTokens: point.generatedTokens, ignoreEOS: true)
        }
        var timings: [SequenceTiming] = []
        for try await event in generator.generate(requests) {
            switch event {
            case .text: break
            case .finished(let result): timings.append(result.timing)
            case .failed(_, let reason): throw BenchmarkFailure(reason)
            }
        }
        try Task.checkCancellation()
        return timings
    }
}

/// A point that the generator refuses.
package struct BenchmarkFailure: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
