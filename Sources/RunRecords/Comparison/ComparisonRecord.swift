/// Two runs on the same problems, compared problem by problem: an entry of `comparisons`.
package struct ComparisonRecord: Codable, Sendable, Equatable {
    /// "dtype" for two runs of one report, "endpoint" likewise where engines elsewhere generated, "baseline" for a run
    /// against an earlier report's (then `a` is the earlier).
    package var kind: String
    /// The label of each side, such as "fp32".
    package var a: String
    package var b: String
    /// The dtype whose margins judge a divergence; nil where no forced pass was made.
    @Nullable package var reference: String?
    package var dataset: String
    package var datasetSha256: String
    package var prompt: String
    /// Pairs compared: samples that both sides have and scored.
    package var problems: Int
    package var bothPassed: Int
    package var onlyA: Int
    package var onlyB: Int
    package var neither: Int
    /// Level at which a difference counts as significant.
    package var alpha: Double
    /// Exact, two-sided.
    package var mcnemarP: Double
    /// Share that `b` passed − share that `a` passed.
    @Nullable package var difference: Double?
    /// Tango's score interval of `difference`.
    @Nullable package var differenceCi95: [Double]?
    /// The smallest true difference that this many problems would show with probability `detectable_power`; nil if none.
    @Nullable package var detectableDifference: Double?
    package var detectablePower: Double
    package var identicalCompletions: Int
    /// nil where tokens are not known.
    @Nullable package var firstDivergence: FirstDivergenceRecord?
    /// The same, counted in characters.
    @Nullable package var firstDivergenceCharacters: QuartilesRecord?
    /// Share of forced positions at which both sides have the same highest logit.
    @Nullable package var top1Agreement: Double?
    /// Mean over forced positions of KL(a ‖ b), in nats.
    @Nullable package var meanKl: Double?
    @Nullable package var forced: ForcedRecord?
    /// Every problem that both sides answered, those that were not scored included.
    package var byProblem: [PairRecord]
    /// Verdicts about accuracy, speed and memory; empty for dtypes of one report, which are not a gate.
    package var metrics: [MetricRecord]
    /// What was not equal though it might matter.
    package var warnings: [String]
    /// The result in a plain sentence.
    package var conclusion: String

    /// Everything that follows from the two runs alone.
    ///
    /// - Parameter labels: what to call the sides; nil for their dtypes.
    package init(kind: String, _ pairs: PairedRuns, labels: (a: String, b: String)? = nil, alpha: Double = 0.05) {
        self.kind = kind
        (a, b) = labels ?? (pairs.a.label, pairs.b.label)
        reference = nil
        dataset = pairs.b.dataset.name
        datasetSha256 = pairs.b.dataset.sha256
        prompt = pairs.b.settings.prompt
        problems = pairs.pairs.count
        (bothPassed, onlyA, onlyB, neither) = (pairs.bothPassed, pairs.onlyA, pairs.onlyB, pairs.neither)
        self.alpha = alpha
        mcnemarP = McNemar.exactP(onlyFirst: onlyA, onlySecond: onlyB)
        difference = problems > 0 ? Double(onlyB - onlyA) / Double(problems) : nil
        differenceCi95 = PairedDifference.interval95(onlyFirst: onlyA, onlySecond: onlyB, pairs: problems)
            .map { [$0.lowerBound, $0.upperBound] }
        detectablePower = 0.8
        detectableDifference = DetectableDifference.smallest(
            pairs: problems, discordant: onlyA + onlyB, alpha: alpha, power: detectablePower)
        byProblem = pairs.answered.map(PairRecord.init)
        identicalCompletions = byProblem.count { $0.identical }
        firstDivergence = FirstDivergenceRecord(byProblem)
        firstDivergenceCharacters = QuartilesRecord(byProblem.compactMap(\.firstDivergenceCharacter))
        top1Agreement = nil
        meanKl = nil
        forced = nil
        metrics = []
        warnings =
            pairs.pairs.contains { $0.a.sample > 0 }
            ? ["several samples a problem are counted one by one; they are not independent, so p is too small"] : []
        conclusion = ""
        conclusion = PairedConclusion.sentence(self)
    }
}

extension RunReport {
    /// The name of a run among those it is compared with.
    package var label: String {
        settings.dtype ?? settings.endpoint.map { $0.label ?? "endpoint" } ?? "samples"
    }
}
