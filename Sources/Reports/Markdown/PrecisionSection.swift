import Foundation
import RunRecords

/// How far the dtypes agree: problem by problem, and token by token along one path.
enum PrecisionSection {
    private static let listed = 60

    static func blocks(_ group: RunGroup, _ all: [ComparisonRecord]) -> [String] {
        let records = comparisons(group, all)
        if records.isEmpty { return [] }
        var blocks = [
            "### Dtypes compared", records.map { "- \(Markdown.plain($0.conclusion))" }.joined(separator: "\n"),
        ]
        blocks.append(answers(records))
        let forced = records.compactMap { record in record.forced.map { (record, $0) } }
        if let first = forced.first {
            blocks += [
                "#### Along the tokens of \(Markdown.plain(first.1.path))",
                "Every dtype was taken along the same tokens; logits of \(Quantity.count(first.1.positions)) of "
                    + "\(Quantity.count(first.1.positionsTotal)) positions were compared. KL is in nats, KL(a ‖ b); errors are "
                    + "those of single logits.",
                logits(forced), sides(forced),
            ]
        }
        return blocks + divergences(records)
    }

    /// Those between runs of this group.
    static func comparisons(_ group: RunGroup, _ all: [ComparisonRecord]) -> [ComparisonRecord] {
        let labels = Set(group.runs.map(\.label))
        return all.filter {
            $0.kind == "dtype" && labels.isSuperset(of: [$0.a, $0.b]) && $0.datasetSha256 == group.dataset.sha256
                && $0.prompt == group.prompt
        }
    }

    private static func name(_ record: ComparisonRecord) -> String { Markdown.plain("\(record.a), \(record.b)") }

    private static func answers(_ records: [ComparisonRecord]) -> String {
        Markdown.table(
            [
                "a, b", "both", "only a", "only b", "neither", "McNemar p", "b − a, 95 % interval",
                "identical completions",
                "first difference, median (range)", "explained by rounding",
            ],
            records.map { record in
                [
                    name(record), "\(record.bothPassed)", "\(record.onlyA)", "\(record.onlyB)", "\(record.neither)",
                    record.problems > 0 ? String(format: "%.3g", record.mcnemarP) : Quantity.notMeasured,
                    interval(record), "\(record.identicalCompletions) of \(record.byProblem.count)", first(record),
                    explained(record),
                ]
            })
    }

    private static func interval(_ record: ComparisonRecord) -> String {
        guard let difference = record.difference, let bounds = record.differenceCi95, bounds.count == 2 else {
            return Quantity.notMeasured
        }
        return String(format: "%+.1f (%+.1f to %+.1f)", difference * 100, bounds[0] * 100, bounds[1] * 100)
    }

    private static func first(_ record: ComparisonRecord) -> String {
        guard let parted = record.firstDivergence else { return Quantity.notMeasured }
        guard let middle = parted.p50, let low = parted.min, let high = parted.max else { return "–" }
        return "\(Quantity.fixed(middle, middle == middle.rounded() ? 0 : 1)) (\(low) to \(high))"
    }

    private static func explained(_ record: ComparisonRecord) -> String {
        guard let parted = record.firstDivergence else { return Quantity.notMeasured }
        let judged = parted.explainedByRounding + parted.notExplained
        return judged == 0 ? "–" : "\(parted.explainedByRounding) of \(judged)"
    }

    private static func logits(_ forced: [(ComparisonRecord, ForcedRecord)]) -> String {
        Markdown.table(
            [
                "a, b", "same top token", "mean KL", "KL p50 / p99 / p99.9", "max KL", "error mean / p99.9 / max",
                "perplexity a → b",
            ],
            forced.map { record, forced in
                [
                    name(record),
                    record.top1Agreement.map { String(format: "%.2f %%", $0 * 100) } ?? Quantity.notMeasured,
                    small(record.meanKl),
                    [forced.kl?.p50, forced.kl?.p99, forced.kl?.p999].map(small).joined(separator: " / "),
                    small(forced.kl?.max),
                    [forced.meanLogitError, forced.logitErrorP999, forced.maxLogitError].map(small)
                        .joined(separator: " / "),
                    "\(plain(forced.a.perplexity)) → \(plain(forced.b.perplexity))\(change(forced))",
                ]
            })
    }

    private static func change(_ forced: ForcedRecord) -> String {
        guard let a = forced.a.perplexity, let b = forced.b.perplexity, a > 0 else { return "" }
        return String(format: " (%+.3f %%)", (b / a - 1) * 100)
    }

    private static func sides(_ forced: [(ComparisonRecord, ForcedRecord)]) -> String {
        var sides: [ForcedSideRecord] = []
        for side in forced.flatMap({ [$0.1.a, $0.1.b] }) where !sides.contains(where: { $0.dtype == side.dtype }) {
            sides.append(side)
        }
        return Markdown.table(
            [
                "dtype", "perplexity", "entropy", "weights changed", "weights overflowed",
                "inf / NaN / saturated hidden",
                "largest hidden", "non-finite logits",
            ],
            sides.map { side in
                [
                    Markdown.plain(side.dtype), plain(side.perplexity), plain(side.entropy),
                    Quantity.count(side.weightsChanged), Quantity.count(side.weightsOverflowed),
                    "\(Quantity.count(side.hiddenInfinities)) / \(Quantity.count(side.hiddenNans)) / "
                        + Quantity.count(side.hiddenSaturated),
                    side.hiddenMaxAbs.map { String(format: "%.4g", $0) } ?? Quantity.notMeasured,
                    Quantity.count(side.nonFiniteLogits),
                ]
            })
    }

    private static func divergences(_ records: [ComparisonRecord]) -> [String] {
        let rows = records.flatMap { record in
            record.byProblem.compactMap { entry -> [String]? in
                guard let divergence = entry.divergence, let step = entry.firstDivergence else { return nil }
                let verdicts =
                    entry.verdictA == entry.verdictB
                    ? Markdown.plain(entry.verdictA) : Markdown.plain("\(entry.verdictA) → \(entry.verdictB)")
                return [
                    Markdown.plain(entry.id + (entry.sample > 0 ? " sample \(entry.sample)" : "")), name(record),
                    verdicts,
                    "\(step)",
                    "\(token(divergence.textA, divergence.tokenA)) → \(token(divergence.textB, divergence.tokenB))",
                    [divergence.marginA, divergence.marginB, divergence.marginReference].map(small).joined(
                        separator: " / "),
                    divergence.explainedByRounding.map { $0 ? "yes" : "**no**" } ?? "not judged",
                ]
            }
        }
        if rows.isEmpty { return [] }
        let table = Markdown.table(
            [
                "problem", "a, b", "verdicts", "token", "a → b", "top-2 margin in a / b / reference",
                "explained by rounding",
            ], Array(rows.prefix(listed)), numeric: false)
        let more = rows.count > listed ? "\n\n\(rows.count - listed) more are in report.json." : ""
        return [
            Markdown.details(
                "Where completions part (\(rows.count))", open: false,
                "Explained by rounding: the reference's margin between its two highest logits is no larger than the 99.9th "
                    + "percentile of the pair's logit error at other positions.\n\n" + table + more)
        ]
    }

    private static func token(_ text: String?, _ id: Int?) -> String {
        guard let id else { return "(ended)" }
        guard let text, !text.isEmpty else { return "\(id)" }
        let visible = text.reduce(into: "") { result, character in
            switch character {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case " ": result += "␣"
            default: result.append(character)
            }
        }
        return Markdown.code(visible)
    }

    private static func small(_ value: Double?) -> String { value.map { String(format: "%.3g", $0) } ?? "–" }
    private static func plain(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "–" }
}
