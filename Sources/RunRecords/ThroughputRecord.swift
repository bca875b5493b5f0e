/// Two points of a distribution, in the unit of the key that holds them.
package struct Percentiles: Codable, Sendable, Equatable {
    package var p50: Double
    package var p95: Double

    package init(p50: Double, p95: Double) {
        self.p50 = p50
        self.p95 = p95
    }

    /// By linear interpolation between the nearest ranks (`Quantile.linear`); nil of nothing.
    package init?(of values: [Double]) {
        let sorted = values.sorted()
        guard let p50 = Quantile.linear(0.5, ofSorted: sorted), let p95 = Quantile.linear(0.95, ofSorted: sorted) else {
            return nil
        }
        self.init(p50: p50, p95: p95)
    }
}

/// How fast one run generated.
package struct ThroughputRecord: Codable, Sendable, Equatable {
    /// nil where the tokens of some answer were not counted.
    @Nullable package var promptTokens: Int?
    @Nullable package var generatedTokens: Int?
    @Nullable package var prefillTokensPerS: Double?
    @Nullable package var decodeTokensPerS: Double?
    package var generationWallS: Double
    /// Time to the first token of a sequence, from its admission.
    @Nullable package var ttftS: Percentiles?
    /// Gaps between successive tokens, all sequences together.
    @Nullable package var interTokenS: Percentiles?
    /// Prompt tokens not computed, because another prompt had begun with the same.
    @Nullable package var sharedPromptTokens: Int?
    /// Tokens guessed from the text so far, and those of them that were what the model chose.
    @Nullable package var guessedTokens: Int?
    @Nullable package var acceptedTokens: Int?
    /// acceptedTokens ÷ guessedTokens; nil where nothing was guessed.
    @Nullable package var acceptanceRate: Double?

    package init(
        promptTokens: Int?, generatedTokens: Int?, prefillTokensPerS: Double?, decodeTokensPerS: Double?,
        generationWallS: Double, ttftS: Percentiles?, interTokenS: Percentiles?, sharedPromptTokens: Int? = nil,
        guessedTokens: Int? = nil, acceptedTokens: Int? = nil
    ) {
        self.promptTokens = promptTokens
        self.generatedTokens = generatedTokens
        self.prefillTokensPerS = prefillTokensPerS
        self.decodeTokensPerS = decodeTokensPerS
        self.generationWallS = generationWallS
        self.ttftS = ttftS
        self.interTokenS = interTokenS
        self.sharedPromptTokens = sharedPromptTokens
        self.guessedTokens = guessedTokens
        self.acceptedTokens = acceptedTokens
        acceptanceRate = nil
        if let guessedTokens, let acceptedTokens, guessedTokens > 0 {
            acceptanceRate = Double(acceptedTokens) / Double(guessedTokens)
        }
    }
}

/// What one run took of the memory.
package struct MemoryRecord: Codable, Sendable, Equatable {
    @Nullable package var peakRssBytes: Int?
    @Nullable package var weightsBytes: Int?
    @Nullable package var kvCachePeakBytes: Int?

    package init(peakRssBytes: Int?, weightsBytes: Int?, kvCachePeakBytes: Int?) {
        self.peakRssBytes = peakRssBytes
        self.weightsBytes = weightsBytes
        self.kvCachePeakBytes = kvCachePeakBytes
    }
}
