import Foundation
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
        let rows = record.metrics.map { metric in
            [
                Markdown.plain(metric.name), value(metric.a, metric.unit), value(metric.b, metric.unit), change(metric),
                "**\(metric.verdict.rawValue)**", Markdown.plain(metric.reason),
            ]
        }
        blocks.append(Markdown.table(["metric", "baseline", "new", "change", "verdict", "why"], rows, numeric: false))
        blocks.append(
            Markdown.table(
                ["", "new: passed", "new: not passed"],
                [
                    ["baseline: passed", "\(record.bothPassed)", "\(record.onlyA)"],
                    ["baseline: not passed", "\(record.onlyB)", "\(record.neither)"],
                ])
                + "\n\nIdentical completions: \(record.identicalCompletions) of \(record.problems).")
        if !record.warnings.isEmpty {
            blocks.append(
                (["> [!WARNING]", "> Not equal on both sides:"] + record.warnings.map { "> - \(Markdown.plain($0))" })
                    .joined(separator: "\n"))
        }
        return blocks
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

    private func value(_ value: Double?, _ unit: String) -> String {
        switch unit {
        case "share": Quantity.percent(value)
        case "s": Quantity.seconds(value)
        case "B": Quantity.bytes(value.flatMap { Int(exactly: $0.rounded()) })
        default: value.map { Quantity.fixed($0, 3) } ?? Quantity.notMeasured
        }
    }

    private func change(_ metric: MetricRecord) -> String {
        let unit = metric.kind == "accuracy" ? "points" : "%"
        guard let change = metric.change else { return Quantity.notMeasured }
        var text = String(format: "%+.1f \(unit == "%" ? "%%" : unit)", change * 100)
        if let interval = metric.changeCi95, interval.count == 2 {
            text += String(format: " (%+.1f to %+.1f)", interval[0] * 100, interval[1] * 100)
        }
        return text
    }
}
