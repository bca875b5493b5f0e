/// One problem under both sides of a comparison.
package struct PairRecord: Codable, Sendable, Equatable {
    package var id: String
    package var sample: Int
    package var verdictA: String
    package var verdictB: String
    /// Same generated tokens, or the same text where tokens are not known.
    package var identical: Bool
    /// Index of the first generated token that differs; nil if none does or tokens are not known.
    @Nullable package var firstDivergence: Int?
    /// Index of the first character (Unicode scalar) of the completions that differs (the length, where one had ended); nil
    /// if the texts are equal.
    @Nullable package var firstDivergenceCharacter: Int?
    /// What happened there; nil where neither a forced pass nor an endpoint's log probabilities tell.
    @Nullable package var divergence: DivergenceRecord?

    package init(_ pair: PairedRuns.Pair) {
        id = pair.a.id
        sample = pair.a.sample
        verdictA = pair.a.verdict
        verdictB = pair.b.verdict
        identical = pair.isIdentical
        firstDivergence = pair.firstDivergence
        firstDivergenceCharacter = pair.firstDivergenceCharacter
        divergence = nil
    }
}

/// The step at which two completions part.
package struct DivergenceRecord: Codable, Sendable, Equatable {
    /// Token ids chosen; nil where that side had ended.
    @Nullable package var tokenA: Int?
    @Nullable package var tokenB: Int?
    /// The tokens as text; nil without a tokenizer.
    @Nullable package var textA: String?
    @Nullable package var textB: String?
    /// Highest minus second-highest logit (or log probability, which differs by the same) on the shared prefix, in each side's dtype and in the reference's; nil where
    /// not finite or not measured.
    @Nullable package var marginA: Double?
    @Nullable package var marginB: Double?
    @Nullable package var marginReference: Double?
    /// Whether the reference's margin is no larger than the pair's usual logit error (`ForcedRecord.logitErrorP999`).
    @Nullable package var explainedByRounding: Bool?

    package init(
        tokenA: Int?, tokenB: Int?, textA: String?, textB: String?, marginA: Double?, marginB: Double?,
        marginReference: Double?, explainedByRounding: Bool?
    ) {
        self.tokenA = tokenA
        self.tokenB = tokenB
        self.textA = textA
        self.textB = textB
        self.marginA = marginA
        self.marginB = marginB
        self.marginReference = marginReference
        self.explainedByRounding = explainedByRounding
    }
}

/// Five points of a distribution of whole numbers.
package struct QuartilesRecord: Codable, Sendable, Equatable {
    package var count: Int
    package var min: Int
    package var p25: Double
    package var p50: Double
    package var p75: Double
    package var max: Int

    /// nil of nothing.
    package init?(_ values: [Int]) {
        let sorted = values.sorted().map(Double.init)
        guard let min = values.min(), let max = values.max(), let p25 = Quantile.linear(0.25, ofSorted: sorted),
            let p50 = Quantile.linear(0.5, ofSorted: sorted), let p75 = Quantile.linear(0.75, ofSorted: sorted)
        else { return nil }
        (count, self.min, self.max) = (values.count, min, max)
        (self.p25, self.p50, self.p75) = (p25, p50, p75)
    }
}

/// Where the completions of two sides part, over all problems.
package struct FirstDivergenceRecord: Codable, Sendable, Equatable {
    /// Problems whose tokens differ.
    package var problems: Int
    /// Quartiles of the first differing index; nil if none differs.
    @Nullable package var min: Int?
    @Nullable package var p25: Double?
    @Nullable package var p50: Double?
    @Nullable package var p75: Double?
    @Nullable package var max: Int?
    /// Of them, those that rounding explains, that it does not, and that were not judged.
    package var explainedByRounding: Int
    package var notExplained: Int
    package var notJudged: Int

    /// nil if a pair differs without it being known where.
    package init?(_ pairs: [PairRecord]) {
        let parted = pairs.filter { !$0.identical }
        let indices = parted.compactMap(\.firstDivergence).sorted()
        guard indices.count == parted.count else { return nil }
        let values = indices.map(Double.init)
        problems = parted.count
        min = indices.first
        max = indices.last
        p25 = Quantile.linear(0.25, ofSorted: values)
        p50 = Quantile.linear(0.5, ofSorted: values)
        p75 = Quantile.linear(0.75, ofSorted: values)
        explainedByRounding = parted.count { $0.divergence?.explainedByRounding == true }
        notExplained = parted.count { $0.divergence?.explainedByRounding == false }
        notJudged = problems - explainedByRounding - notExplained
    }
}
