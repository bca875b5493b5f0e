import Generation
import RunRecords

extension ThroughputRecord {
    /// Rates of one run, from what its generator counted and timed.
    ///
    /// The first token of a sequence comes from its prefill, so the decode rate leaves it out; tokens of a shared prefix
    /// cost nothing, so the prefill rate leaves them out. A rate is nil where no time was measured.
    /// - Parameters:
    ///   - earlier: the generator's totals when the run began; they are taken off.
    ///   - timings: of the sequences of this run.
    package init(
        statistics: GenerationStatistics, since earlier: GenerationStatistics = GenerationStatistics(),
        timings: [SequenceTiming]
    ) {
        let promptTokens = statistics.promptTokens - earlier.promptTokens
        let isCounted = statistics.uncountedSequences == earlier.uncountedSequences
        let shared = statistics.sharedPromptTokens - earlier.sharedPromptTokens
        self.init(
            promptTokens: isCounted ? promptTokens : nil,
            generatedTokens: isCounted ? statistics.generatedTokens - earlier.generatedTokens : nil,
            prefillTokensPerS: Self.rate(promptTokens - shared, statistics.prefillSeconds - earlier.prefillSeconds),
            decodeTokensPerS: Self.rate(
                statistics.decodedTokens - earlier.decodedTokens, statistics.decodeSeconds - earlier.decodeSeconds),
            generationWallS: statistics.wallSeconds - earlier.wallSeconds,
            ttftS: Percentiles(of: timings.map(\.timeToFirstToken)),
            interTokenS: Percentiles(of: timings.flatMap(\.interToken)), sharedPromptTokens: shared,
            guessedTokens: statistics.guessedTokens - earlier.guessedTokens,
            acceptedTokens: statistics.acceptedTokens - earlier.acceptedTokens)
    }

    private static func rate(_ tokens: Int, _ seconds: Double) -> Double? {
        guard tokens > 0, seconds > 0 else { return nil }
        let rate = Double(tokens) / seconds
        return rate.isFinite ? rate : nil
    }
}

extension MemoryRecord {
    /// - Parameter statistics: a generator that counts no bytes (an endpoint, say) leaves zeros, which are not measurements.
    package init(peak: PeakMemory, statistics: GenerationStatistics) {
        self.init(
            peakRssBytes: peak.bytes, weightsBytes: statistics.weightsBytes > 0 ? statistics.weightsBytes : nil,
            kvCachePeakBytes: statistics.kvCachePeakBytes > 0 ? statistics.kvCachePeakBytes : nil)
    }
}
