import Generation
import RunRecords

extension BenchmarkSample {
    /// What one repetition of a point gave.
    ///
    /// - Parameters:
    ///   - statistics: the generator's totals after it; `earlier`: before it.
    ///   - limits: the better of the probes just before and just after it; nil where there was none.
    package init(
        point: BenchmarkPoint, costs: ModelCosts, statistics: GenerationStatistics, since earlier: GenerationStatistics,
        timings: [SequenceTiming], limits: MachineLimits?
    ) {
        let throughput = ThroughputRecord(statistics: statistics, since: earlier, timings: timings)
        let (prefill, decode) = (
            statistics.prefillSeconds - earlier.prefillSeconds, statistics.decodeSeconds - earlier.decodeSeconds
        )
        self.init(wallS: throughput.generationWallS)
        prefillS = prefill > 0 ? prefill : nil
        decodeS = decode > 0 ? decode : nil
        prefillTokensPerS = throughput.prefillTokensPerS
        decodeTokensPerS = throughput.decodeTokensPerS
        ttftS = Latencies(of: timings.map(\.timeToFirstToken))
        interTokenS = Latencies(of: timings.flatMap(\.interToken))
        readBytesPerS = limits?.readBytesPerS
        flopsPerS = limits?.flopsPerS
        guard let limits else { return }
        // All sequences begin and end together, so a step makes one token of each.
        let stepsPerS = decodeTokensPerS.map { $0 / Double(point.batchSize) }
        bandwidthShare = Self.share(stepsPerS.map { costs.decodeStepBytes(point) * $0 }, of: limits.readBytesPerS)
        computeShare = Self.share(stepsPerS.map { costs.decodeStepFlops(point) * $0 }, of: limits.flopsPerS)
        prefillComputeShare = Self.share(prefillS.map { costs.prefillFlops(point) / $0 }, of: limits.flopsPerS)
    }

    private static func share(_ rate: Double?, of limit: Double) -> Double? {
        guard let rate, limit > 0, (rate / limit).isFinite else { return nil }
        return rate / limit
    }
}

/// What the host could do at best around a repetition, with the threads of the run.
package struct MachineLimits: Sendable, Equatable {
    package var readBytesPerS: Double
    package var flopsPerS: Double

    package init(readBytesPerS: Double, flopsPerS: Double) {
        self.readBytesPerS = readBytesPerS
        self.flopsPerS = flopsPerS
    }

    /// The better of both, each.
    package func best(with other: MachineLimits) -> MachineLimits {
        MachineLimits(
            readBytesPerS: max(readBytesPerS, other.readBytesPerS), flopsPerS: max(flopsPerS, other.flopsPerS))
    }
}
