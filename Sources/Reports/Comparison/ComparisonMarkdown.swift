import RunRecords

/// A comparison against a baseline as Markdown: the step summary of a continuous integration.
package struct ComparisonMarkdown {
    private let comparison: BaselineComparison
    private let baseline: String
    private let candidate: String

    /// GitHub takes up to 1 MiB; what does not fit is counted.
    private static let limit = 900_000

    package init(_ comparison: BaselineComparison, baseline: String, candidate: String) {
        self.comparison = comparison
        self.baseline = baseline
        self.candidate = candidate
    }

    package func text() -> String {
        var blocks = ["# YuanBench: \(verdict)", "\(Markdown.code(candidate)) against \(Markdown.code(baseline))."]
        for (record, pairs) in zip(comparison.records, comparison.pairs) { blocks += section(record, pairs) }
        for point in comparison.benchmarks { blocks += ["## \(Markdown.plain(point.point))", table(point.metrics)] }
        if !comparison.notes.isEmpty {
            blocks.append(comparison.notes.map { "- \(Markdown.plain($0))" }.joined(separator: "\n"))
        }
        blocks.append(rule)
        var size = blocks.reduce(0) { $0 + $1.utf8.count + 2 }
        var left = 0
        for flip in comparison.pairs.flatMap(flips) {
            size += flip.utf8.count + 2
            if size < Self.limit { blocks.append(flip) } else { left += 1 }
        }
        if left > 0 { blocks.append("\(left) more flipped problems are left out: the page would become too long.") }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private var verdict: String {
        switch comparison.outcome {
        case .fine: "✅ no regression"
        case .regressed: "❌ regression"
        case .cannotTell: "❔ cannot tell"
        }
    }

    private func section(_ record: ComparisonRecord, _ pairs: PairedRuns) -> [String] {
        let title = "\(pairs.b.model.name) on \(record.dataset), \(record.prompt), \(pairs.b.label)"
        var blocks = ["## \(Markdown.plain(title))", Markdown.plain(record.conclusion)]
        blocks.append(table(record.metrics))
        let square = ComparisonTables.square(record)
        blocks.append(
            Markdown.table(square.header, square.rows)
                + "\n\nIdentical completions: \(record.identicalCompletions) of \(record.problems).")
        if !record.warnings.isEmpty {
            blocks.append(
                (["> [!WARNING]", "> Not equal on both sides:"] + record.warnings.map { "> - \(Markdown.plain($0))" })
                    .joined(separator: "\n"))
        }
        return blocks
    }

    private func table(_ metrics: [MetricRecord]) -> String {
        let rows = metrics.map { metric in
            let cells = ComparisonTables.metric(metric)
            return [Markdown.plain(cells[0])] + cells[1...3] + ["**\(cells[4])**", Markdown.plain(cells[5])]
        }
        return Markdown.table(ComparisonTables.metricsHeader, rows, numeric: false)
    }

    private func flips(_ pairs: PairedRuns) -> [String] {
        let flipped = pairs.flipped
        if flipped.isEmpty { return [] }
        let lost = flipped.filter(\.aPassed)
        return ["## Flipped problems, \(Markdown.plain(pairs.b.label))"]
            + (lost + flipped.filter(\.bPassed)).map { pair in
                let id = Markdown.plain(pair.a.id + (pair.a.sample > 0 ? " sample \(pair.a.sample)" : ""))
                let now = pair.aPassed ? "lost (\(pair.b.verdict))" : "won (was \(pair.a.verdict))"
                let detail = pair.aPassed ? pair.b.detail : pair.a.detail
                let diff = CompletionDiff.lines(pair.a.completion, pair.b.completion).joined(separator: "\n")
                return Markdown.details(
                    "\(id): \(Markdown.plain(now))\(detail.isEmpty ? "" : " – " + Markdown.plain(detail))", open: false,
                    pair.a.completion == pair.b.completion
                        ? "The completions are the same:\n\n" + Markdown.block(pair.a.completion)
                        : "`-` baseline, `+` new:\n\n" + Markdown.block(diff, language: "diff"))
            }
    }

    private var rule: String {
        let settings = comparison.settings
        let accepted = Quantity.percent(settings.minEffect)
        let further = settings.failOn.isEmpty ? "" : " Also decided by: \(settings.failOn.joined(separator: ", "))."
        return
            "A regression is an exact two-sided McNemar p below \(settings.alpha) with more problems lost than won; no "
            + "regression is equal verdicts, or a 95 % interval (Tango) that rules out a loss beyond \(accepted).\(further)"
    }
}
