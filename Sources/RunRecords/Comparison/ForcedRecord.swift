/// Both sides teacher-forced along the same tokens: their logits compared position by position.
package struct ForcedRecord: Codable, Sendable, Equatable {
    /// The dtype whose generated tokens were followed.
    package var path: String
    /// Positions compared, and those there were; fewer were compared where a limit was set.
    package var positions: Int
    package var positionsTotal: Int
    /// Positions left out of KL and errors because a logit was infinite or NaN.
    package var nonFinitePositions: Int
    /// KL(a ‖ b) over positions, in nats.
    @Nullable package var kl: DistributionRecord?
    /// |logit of a − logit of b| over positions and the whole vocabulary.
    @Nullable package var meanLogitError: Double?
    @Nullable package var maxLogitError: Double?
    /// Its 99.9th percentile over the positions at which the two sides' completions do not part.
    @Nullable package var logitErrorP999: Double?
    /// KL by index of the generated token, in bins.
    package var klByPosition: [PositionRecord]
    /// ‖hidden of b − hidden of a‖ / ‖hidden of a‖ after each layer; entry 0 is the embedding.
    package var layers: [LayerErrorRecord]
    package var a: ForcedSideRecord
    package var b: ForcedSideRecord

    package init(
        path: String, positions: Int, positionsTotal: Int, nonFinitePositions: Int, kl: DistributionRecord?,
        meanLogitError: Double?, maxLogitError: Double?, logitErrorP999: Double?, klByPosition: [PositionRecord],
        layers: [LayerErrorRecord], a: ForcedSideRecord, b: ForcedSideRecord
    ) {
        self.path = path
        self.positions = positions
        self.positionsTotal = positionsTotal
        self.nonFinitePositions = nonFinitePositions
        self.kl = kl
        self.meanLogitError = meanLogitError
        self.maxLogitError = maxLogitError
        self.logitErrorP999 = logitErrorP999
        self.klByPosition = klByPosition
        self.layers = layers
        self.a = a
        self.b = b
    }
}

/// One dtype on the forced path.
package struct ForcedSideRecord: Codable, Sendable, Equatable {
    package var dtype: String
    /// exp of the mean negative log probability of the path's tokens.
    @Nullable package var perplexity: Double?
    /// Mean entropy of the next-token distribution, in nats.
    @Nullable package var entropy: Double?
    /// Share of positions at which its highest logit is the path's token.
    @Nullable package var pathAgreement: Double?
    /// Among the logits.
    package var nonFiniteLogits: Int
    /// Among the hidden states after the layers, over all forced tokens, prompts included.
    package var hiddenInfinities: Int
    package var hiddenNans: Int
    /// Values at the dtype's largest finite magnitude.
    package var hiddenSaturated: Int
    @Nullable package var hiddenMaxAbs: Double?
    /// Weights whose value changed on conversion from the stored dtype, and those that became infinite.
    package var weightsChanged: Int
    package var weightsOverflowed: Int

    package init(
        dtype: String, perplexity: Double?, entropy: Double?, pathAgreement: Double?, nonFiniteLogits: Int,
        hiddenInfinities: Int, hiddenNans: Int, hiddenSaturated: Int, hiddenMaxAbs: Double?, weightsChanged: Int,
        weightsOverflowed: Int
    ) {
        self.dtype = dtype
        self.perplexity = perplexity
        self.entropy = entropy
        self.pathAgreement = pathAgreement
        self.nonFiniteLogits = nonFiniteLogits
        self.hiddenInfinities = hiddenInfinities
        self.hiddenNans = hiddenNans
        self.hiddenSaturated = hiddenSaturated
        self.hiddenMaxAbs = hiddenMaxAbs
        self.weightsChanged = weightsChanged
        self.weightsOverflowed = weightsOverflowed
    }
}

/// Points of a distribution.
package struct DistributionRecord: Codable, Sendable, Equatable {
    package var mean: Double
    package var p50: Double
    package var p90: Double
    package var p99: Double
    package var p999: Double
    package var max: Double

    /// nil of nothing.
    package init?(of values: [Double]) {
        let sorted = values.sorted()
        guard let last = sorted.last else { return nil }
        func quantile(_ q: Double) -> Double { Quantile.linear(q, ofSorted: sorted) ?? last }
        mean = values.reduce(0, +) / Double(values.count)
        (p50, p90, p99, p999) = (quantile(0.5), quantile(0.9), quantile(0.99), quantile(0.999))
        max = last
    }
}

/// KL where generated tokens have indices from `index` up to the next entry's.
package struct PositionRecord: Codable, Sendable, Equatable {
    package var index: Int
    package var positions: Int
    package var meanKl: Double

    package init(index: Int, positions: Int, meanKl: Double) {
        self.index = index
        self.positions = positions
        self.meanKl = meanKl
    }
}

/// Relative error of the hidden state after one layer, over positions.
package struct LayerErrorRecord: Codable, Sendable, Equatable {
    package var layer: Int
    package var p50: Double
    package var p95: Double

    package init(layer: Int, p50: Double, p95: Double) {
        self.layer = layer
        self.p50 = p50
        self.p95 = p95
    }
}
