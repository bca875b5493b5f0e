/// How many answers were right, and how sure that is.
package struct AccuracyRecord: Codable, Sendable, Equatable {
    /// "pass@1" or "exact_match".
    package var metric: String
    /// Mean over problems; nil when nothing could be scored.
    @Nullable package var value: Double?
    package var passed: Int
    /// Samples scored; `skipped` and harness failures are not in it.
    package var total: Int
    /// `[low, high]`; nil when nothing could be scored.
    @Nullable package var ci95: [Double]?
    /// Samples by verdict, those that are not scored included.
    package var verdicts: [String: Int]
    /// Further scores by name, such as GSM8K's "strict" and "flexible".
    package var scores: [String: Double]
    /// By k; empty unless problems have several samples.
    @EmptyIfAbsent package var passAtK: [PassAtKRecord]

    package init(
        metric: String, value: Double?, passed: Int, total: Int, ci95: [Double]?, verdicts: [String: Int],
        scores: [String: Double] = [:], passAtK: [PassAtKRecord] = []
    ) {
        self.metric = metric
        self.value = value
        self.passed = passed
        self.total = total
        self.ci95 = ci95
        self.verdicts = verdicts
        self.scores = scores
        self.passAtK = passAtK
    }
}

extension AccuracyRecord {
    /// Computes the accuracy of a run from its records.
    ///
    /// `passed` and `total` count samples. `value` is the mean over problems of the share of a problem's samples that
    /// passed (pass@1). Records of `Verdicts.unscored` count in `verdicts` alone. The interval is Wilson's when every
    /// problem has one sample, else a percentile bootstrap over problems (over the samples, if there is one problem).
    ///
    /// - Parameter ks: which pass@k are computed, as far as every problem has samples enough.
    package init(metric: String, records: [ProblemRecord], ks: [Int] = PassAtK.usual) {
        let scored = records.filter { !Verdicts.unscored.contains($0.verdict) }
        let passed = scored.count { $0.verdict == Verdicts.passed }
        let byProblem = Dictionary(grouping: scored, by: \.id)
        // In the order of the ids, so that the interval does not depend on which answer was finished first.
        let outcomes = byProblem.sorted { $0.key < $1.key }.map { problem in
            problem.value.map { $0.verdict == Verdicts.passed ? 1.0 : 0.0 }
        }
        let interval: ClosedRange<Double>? =
            if scored.isEmpty {
                nil
            } else if outcomes.allSatisfy({ $0.count == 1 }) {
                Wilson.interval95(passed: passed, total: scored.count)
            } else {
                Bootstrap.meanInterval95(of: outcomes.count == 1 ? outcomes[0] : outcomes.compactMap(mean))
            }
        self.init(
            metric: metric, value: mean(outcomes.compactMap(mean)), passed: passed, total: scored.count,
            ci95: interval.map { [$0.lowerBound, $0.upperBound] },
            verdicts: Dictionary(records.map { ($0.verdict, 1) }, uniquingKeysWith: +),
            scores: Self.furtherScores(of: byProblem),
            passAtK: PassAtK.records(ks, outcomes: outcomes.map { $0.map { $0 == 1 } }))
    }

    /// Means over problems of each further score, over the samples that have it.
    private static func furtherScores(of byProblem: [String: [ProblemRecord]]) -> [String: Double] {
        let names = Set(byProblem.values.joined().flatMap(\.scores.keys))
        var means: [String: Double] = [:]
        for name in names {
            means[name] = mean(
                byProblem.sorted { $0.key < $1.key }.compactMap { mean($0.value.compactMap { $0.scores[name] }) })
        }
        return means
    }
}

/// nil of nothing.
private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}
