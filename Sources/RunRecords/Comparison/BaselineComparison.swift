/// A report against an earlier one: runs paired by data set hash, dtype and prompt, each pair judged.
package struct BaselineComparison: Sendable {
    package let settings: GateSettings
    package let pairs: [PairedRuns]
    package let records: [ComparisonRecord]
    /// Points of `bench` that both reports measured.
    package let benchmarks: [BenchmarkComparison]
    /// Runs of either report that found no partner.
    package let notes: [String]
    package let outcome: GateOutcome

    /// - Parameters:
    ///   - names: what to call the two reports in errors and notes, usually their paths.
    /// - Throws: `ReportError` when the data differ, naming both hashes, or no two runs belong together.
    package init(
        baseline: Report, candidate: Report, settings: GateSettings,
        names: (baseline: String, candidate: String)
    ) throws(ReportError) {
        var open = baseline.runs
        var pairs: [PairedRuns] = []
        var notes: [String] = []
        for run in candidate.runs {
            if let index = open.firstIndex(where: { Key($0) == Key(run) }) {
                pairs.append(PairedRuns(open.remove(at: index), run))
                continue
            }
            try Self.refuseOtherData(run, baseline.runs, names)
            notes.append("\(names.candidate): \(Key(run).words) has no partner in \(names.baseline)")
        }
        benchmarks = BenchmarkComparison.all(baseline: baseline, candidate: candidate, settings: settings)
        if pairs.isEmpty && benchmarks.isEmpty {
            throw ReportError(
                "\(names.baseline) and \(names.candidate): no two runs belong together, which takes the same data set hash, "
                    + "dtype and prompt (points of bench: all of their settings); the first has \(Self.list(baseline)), the "
                    + "second \(Self.list(candidate))")
        }
        if benchmarks.count < max(baseline.benchmarks.count, candidate.benchmarks.count) {
            notes.append(
                "\(benchmarks.count) points of bench are in both reports, of \(baseline.benchmarks.count) and "
                    + "\(candidate.benchmarks.count)")
        }
        if pairs.isEmpty && settings.failOn.isEmpty {
            notes.append("speed and memory decide nothing without --fail-on speed,memory")
        }
        notes += open.map { "\(names.baseline): \(Key($0).words) has no partner in \(names.candidate)" }
        self.settings = settings
        self.pairs = pairs
        self.notes = notes
        records = pairs.map { Self.judged($0, hosts: (baseline.host, candidate.host), settings) }
        outcome = GateOutcome(
            of: records.flatMap(\.metrics) + benchmarks.flatMap(\.metrics), settings: settings)
    }

    private static func list(_ report: Report) -> String {
        if report.runs.isEmpty {
            return report.benchmarks.isEmpty ? "no runs" : "\(report.benchmarks.count) points of bench"
        }
        return report.runs.map { Key($0).words }.joined(separator: "; ")
    }

    private static func judged(
        _ pairs: PairedRuns, hosts: (a: HostRecord, b: HostRecord), _ settings: GateSettings
    ) -> ComparisonRecord {
        var record = ComparisonRecord(
            kind: "baseline", pairs, labels: ("baseline \(pairs.a.label)", "new \(pairs.b.label)"),
            alpha: settings.alpha)
        let unlike = RunDifferences.unlike(pairs.a, pairs.b, hosts: hosts)
        record.metrics =
            [AccuracyGate.metric(record, settings: settings)]
            + MeasuredMetrics.all(pairs, settings: settings, unlike: unlike)
        let own = record.warnings
        record.warnings = RunDifferences.settings(pairs.a, pairs.b)
        if !pairs.leftOut.isEmpty {
            record.warnings.append(
                "not compared, because one side has no score: \(pairs.leftOut.prefix(10).joined(separator: ", "))"
                    + (pairs.leftOut.count > 10 ? " and \(pairs.leftOut.count - 10) more" : ""))
        }
        record.warnings += own
        return record
    }

    private static func refuseOtherData(
        _ run: RunReport, _ others: [RunReport], _ names: (baseline: String, candidate: String)
    ) throws(ReportError) {
        let other = others.first {
            $0.dataset.name == run.dataset.name && $0.settings.dtype == run.settings.dtype
                && $0.settings.prompt == run.settings.prompt && $0.dataset.sha256 != run.dataset.sha256
        }
        guard let other else { return }
        throw ReportError(
            "\(names.baseline) and \(names.candidate): data set \(run.dataset.name) is not the same: SHA-256 "
                + "\(other.dataset.sha256) (\(other.dataset.problems) problems) and \(run.dataset.sha256) "
                + "(\(run.dataset.problems) problems); compare runs of the same problems, chosen by the same --limit and "
                + "--ids")
    }

    private struct Key: Equatable {
        let sha256: String
        let dtype: String?
        let prompt: String
        let words: String

        init(_ run: RunReport) {
            (sha256, prompt) = (run.dataset.sha256, run.settings.prompt)
            dtype = run.settings.dtype ?? run.settings.endpoint?.label
            words =
                "\(run.dataset.name) in \(run.label) by \(run.settings.prompt) (data \(run.dataset.sha256.prefix(12)))"
        }

        static func == (a: Key, b: Key) -> Bool { a.sha256 == b.sha256 && a.dtype == b.dtype && a.prompt == b.prompt }
    }
}

/// What `compare --json` prints.
package struct ComparisonDocument: Codable, Sendable {
    package var schemaVersion = 1
    package var baseline: String
    package var candidate: String
    /// "no regression", "regression" or "cannot tell".
    package var outcome: String
    package var exitCode: Int
    package var settings: GateSettings
    package var notes: [String]
    package var comparisons: [ComparisonRecord]
    package var benchmarks: [BenchmarkComparison]

    package init(_ comparison: BaselineComparison, baseline: String, candidate: String) {
        self.baseline = baseline
        self.candidate = candidate
        outcome = comparison.outcome.words
        exitCode = comparison.outcome.rawValue
        settings = comparison.settings
        notes = comparison.notes
        comparisons = comparison.records
        benchmarks = comparison.benchmarks
    }
}
