import RunRecords

/// Recomputes what follows from a report's own records, and names every number that does not.
package struct ReportVerifier {
    /// A number that does not follow.
    package struct Finding: Sendable, Equatable, CustomStringConvertible {
        /// Where it stands, such as `runs[0].accuracy.passed`.
        package var place: String
        package var stored: String
        package var recomputed: String

        package init(_ place: String, stored: String, recomputed: String) {
            self.place = place
            self.stored = stored
            self.recomputed = recomputed
        }

        package var description: String { "\(place) is \(stored), and follows as \(recomputed)" }
    }

    package private(set) var findings: [Finding] = []
    /// Numbers compared.
    package private(set) var checked = 0

    package init(_ report: Report) {
        for (index, run) in report.runs.enumerated() { check(run, at: "runs[\(index)]") }
        for (index, comparison) in report.comparisons.enumerated() {
            check(comparison, at: "comparisons[\(index)]", report)
        }
    }

    private mutating func check(_ run: RunReport, at place: String) {
        let (stored, accuracy) = (
            run.accuracy,
            AccuracyRecord(
                metric: run.accuracy.metric, records: run.problems, ks: run.accuracy.passAtK.map(\.k))
        )
        expect(stored.passed, accuracy.passed, "\(place).accuracy.passed")
        expect(stored.total, accuracy.total, "\(place).accuracy.total")
        expect(stored.value, accuracy.value, "\(place).accuracy.value")
        expect(stored.ci95, accuracy.ci95, "\(place).accuracy.ci95")
        for name in Set(stored.verdicts.keys).union(accuracy.verdicts.keys).sorted() {
            expect(stored.verdicts[name] ?? 0, accuracy.verdicts[name] ?? 0, "\(place).accuracy.verdicts.\(name)")
        }
        for name in Set(stored.scores.keys).union(accuracy.scores.keys).sorted() {
            expect(stored.scores[name], accuracy.scores[name], "\(place).accuracy.scores.\(name)")
        }
        expect(stored.passAtK.map(\.k), accuracy.passAtK.map(\.k), "\(place).accuracy.pass_at_k")
        for (entry, other) in zip(stored.passAtK, accuracy.passAtK) {
            expect(entry.value, other.value, "\(place).accuracy.pass_at_k[k = \(entry.k)].value")
            expect(entry.ci95, other.ci95, "\(place).accuracy.pass_at_k[k = \(entry.k)].ci95")
        }
        expect(run.dataset.problems, Set(run.problems.map(\.id)).count, "\(place).dataset.problems")
        for (index, problem) in run.problems.enumerated() {
            guard let tokens = problem.tokens else { continue }
            let entry = "\(place).problems[\(index)]"
            expect(problem.tokensSha256, Judge.sha256(ofTokens: tokens), "\(entry).tokens_sha256")
            expect(problem.generatedTokens, tokens.count, "\(entry).generated_tokens")
        }
        if let throughput = run.throughput { check(throughput, run, at: "\(place).throughput") }
        if let peak = run.memory?.peakRssBytes, let weights = run.memory?.weightsBytes, peak < weights {
            findings.append(
                Finding("\(place).memory.peak_rss_bytes", stored: "\(peak)", recomputed: "at least \(weights)"))
        }
    }

    /// Totals are those of the records, or less where a run was resumed; times have to fit into the wall time.
    private mutating func check(_ stored: ThroughputRecord, _ run: RunReport, at place: String) {
        let generated = run.problems.lazy.compactMap(\.generatedTokens).boundedSum()
        let prompt = run.problems.lazy.compactMap(\.promptTokens).boundedSum()
        // Nothing follows from totals that were not measured.
        guard let told = stored.generatedTokens else { return }
        if told >= generated {
            expect(told, generated, "\(place).generated_tokens")
            // Prefixes that were computed once count once.
            if (stored.promptTokens ?? 0) > prompt { expect(stored.promptTokens, prompt, "\(place).prompt_tokens") }
            let times = run.problems.compactMap(\.ttftS)
            if times.count == run.problems.count, let ttft = Percentiles(of: times) {
                expect(stored.ttftS?.p50, ttft.p50, "\(place).ttft_s.p50")
                expect(stored.ttftS?.p95, ttft.p95, "\(place).ttft_s.p95")
            }
        }
        let sequences = run.problems.count { ($0.generatedTokens ?? 0) > 0 }
        if let rate = stored.decodeTokensPerS, rate > 0 {
            checked += 1
            let decoded = Double(told) - Double(sequences)
            let seconds = decoded / rate
            if seconds > stored.generationWallS * 1.001 + 0.01 {
                findings.append(
                    Finding(
                        "\(place).decode_tokens_per_s", stored: "\(rate)",
                        recomputed: "at least \(decoded / stored.generationWallS): "
                            + "the decoded tokens took no longer than generation_wall_s"))
            }
        }
    }

    private mutating func check(_ stored: ComparisonRecord, at place: String, _ report: Report) {
        func run(_ label: String) -> RunReport? {
            report.runs.first {
                label == $0.label && $0.dataset.sha256 == stored.datasetSha256 && $0.settings.prompt == stored.prompt
            }
        }
        var follows = stored
        if stored.kind != "baseline", let a = run(stored.a), let b = run(stored.b) {
            follows = ComparisonRecord(kind: stored.kind, PairedRuns(a, b), alpha: stored.alpha)
            for (index, (entry, other)) in zip(stored.byProblem, follows.byProblem).enumerated() {
                let entryPlace = "\(place).by_problem[\(index)]"
                expect(entry.id, other.id, "\(entryPlace).id")
                expect(entry.verdictA, other.verdictA, "\(entryPlace).verdict_a")
                expect(entry.verdictB, other.verdictB, "\(entryPlace).verdict_b")
                expect(entry.identical, other.identical, "\(entryPlace).identical")
                // An endpoint may name tokens without their ids: those stand in no record.
                if stored.kind == "dtype" || other.firstDivergence != nil {
                    expect(entry.firstDivergence, other.firstDivergence, "\(entryPlace).first_divergence")
                }
            }
            expect(stored.byProblem.count, follows.byProblem.count, "\(place).by_problem.count")
            expect(stored.conclusion, follows.conclusion, "\(place).conclusion")
        }
        // The counts follow from the entries in any case, and the statistics from the counts.
        let scored = stored.byProblem.filter {
            !Verdicts.unscored.contains($0.verdictA) && !Verdicts.unscored.contains($0.verdictB)
        }
        func count(_ a: Bool, _ b: Bool) -> Int {
            scored.count { ($0.verdictA == Verdicts.passed) == a && ($0.verdictB == Verdicts.passed) == b }
        }
        expect(stored.problems, scored.count, "\(place).problems")
        expect(stored.bothPassed, count(true, true), "\(place).both_passed")
        expect(stored.onlyA, count(true, false), "\(place).only_a")
        expect(stored.onlyB, count(false, true), "\(place).only_b")
        expect(stored.neither, count(false, false), "\(place).neither")
        expect(stored.identicalCompletions, stored.byProblem.count { $0.identical }, "\(place).identical_completions")
        let (onlyA, onlyB, pairs) = (count(true, false), count(false, true), scored.count)
        expect(stored.mcnemarP, McNemar.exactP(onlyFirst: onlyA, onlySecond: onlyB), "\(place).mcnemar_p")
        expect(stored.difference, pairs > 0 ? Double(onlyB - onlyA) / Double(pairs) : nil, "\(place).difference")
        expect(
            stored.differenceCi95,
            PairedDifference.interval95(onlyFirst: onlyA, onlySecond: onlyB, pairs: pairs)
                .map { [$0.lowerBound, $0.upperBound] }, "\(place).difference_ci95")
        expect(
            stored.detectableDifference,
            DetectableDifference.smallest(
                pairs: pairs, discordant: onlyA + onlyB, alpha: stored.alpha, power: stored.detectablePower),
            "\(place).detectable_difference")
        check(stored.firstDivergence, FirstDivergenceRecord(stored.byProblem), at: "\(place).first_divergence")
        if let forced = stored.forced { check(forced, stored, at: place) }
    }

    private mutating func check(_ stored: FirstDivergenceRecord?, _ follows: FirstDivergenceRecord?, at place: String) {
        expect(stored?.problems, follows?.problems, "\(place).problems")
        expect(stored?.min, follows?.min, "\(place).min")
        expect(stored?.p25, follows?.p25, "\(place).p25")
        expect(stored?.p50, follows?.p50, "\(place).p50")
        expect(stored?.p75, follows?.p75, "\(place).p75")
        expect(stored?.max, follows?.max, "\(place).max")
        expect(stored?.explainedByRounding, follows?.explainedByRounding, "\(place).explained_by_rounding")
        expect(stored?.notExplained, follows?.notExplained, "\(place).not_explained")
        expect(stored?.notJudged, follows?.notJudged, "\(place).not_judged")
    }

    /// What the forced pass wrote down more than once has to agree.
    private mutating func check(_ forced: ForcedRecord, _ stored: ComparisonRecord, at place: String) {
        expect(stored.meanKl, forced.kl?.mean, "\(place).mean_kl")
        let positions = forced.klByPosition.lazy.map(\.positions).boundedSum()
        expect([forced.positions, 0 &- forced.nonFinitePositions].boundedSum(), positions, "\(place).forced.positions")
        if positions > 0 {
            let mean = forced.klByPosition.reduce(0) { $0 + $1.meanKl * Double($1.positions) } / Double(positions)
            expect(forced.kl?.mean, mean, "\(place).forced.kl.mean", tolerance: 1e-9)
        }
        guard let usual = forced.logitErrorP999 else { return }
        for (index, entry) in stored.byProblem.enumerated() {
            guard let divergence = entry.divergence, let margin = divergence.marginReference else { continue }
            expect(
                divergence.explainedByRounding, margin <= usual,
                "\(place).by_problem[\(index)].divergence.explained_by_rounding")
        }
    }

    mutating func expect<Value: Equatable>(_ stored: Value?, _ follows: Value?, _ place: String) {
        checked += 1
        if stored != follows {
            findings.append(Finding(place, stored: Self.text(stored), recomputed: Self.text(follows)))
        }
    }

    mutating func expect(_ stored: Double?, _ follows: Double?, _ place: String, tolerance: Double = 1e-12) {
        checked += 1
        if let stored, let follows, abs(stored - follows) <= tolerance * max(1, abs(follows)) { return }
        if stored != follows {
            findings.append(Finding(place, stored: Self.text(stored), recomputed: Self.text(follows)))
        }
    }

    mutating func expect(_ stored: [Double]?, _ follows: [Double]?, _ place: String) {
        expect(stored?.count, follows?.count, place)
        for (index, (one, other)) in zip(stored ?? [], follows ?? []).enumerated() {
            expect(one, other, "\(place)[\(index)]")
        }
    }

    private static func text<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "null" }
}
