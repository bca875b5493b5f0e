import Foundation
import RunRecords

/// What comparisons say, as plain text in tables: every form of the report dresses the same cells.
enum ComparisonTables {
    struct Table {
        var header: [String]
        var rows: [[String]]
    }

    static func name(_ record: ComparisonRecord) -> String { "\(record.a), \(record.b)" }

    static func id(_ entry: PairRecord) -> String { entry.id + (entry.sample > 0 ? " sample \(entry.sample)" : "") }

    /// Verdicts and texts, a pair a row.
    static func answers(_ records: [ComparisonRecord]) -> Table {
        Table(
            header: [
                "a, b", "both", "only a", "only b", "neither", "McNemar p", "b − a, 95 % interval",
                "identical completions", "first difference, median (range)", "explained by rounding",
            ],
            rows: records.map { record in
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
        guard let parted = record.firstDivergence else {
            // Tokens are not known: the texts are.
            return record.firstDivergenceCharacters.map { "\(span($0.p50, $0.min, $0.max)) characters" }
                ?? Quantity.notMeasured
        }
        guard let middle = parted.p50, let low = parted.min, let high = parted.max else { return "–" }
        return span(middle, low, high)
    }

    private static func span(_ middle: Double, _ low: Int, _ high: Int) -> String {
        "\(Quantity.fixed(middle, middle == middle.rounded() ? 0 : 1)) (\(low) to \(high))"
    }

    private static func explained(_ record: ComparisonRecord) -> String {
        guard let parted = record.firstDivergence else { return Quantity.notMeasured }
        let judged = parted.explainedByRounding + parted.notExplained
        return judged == 0 ? "–" : "\(parted.explainedByRounding) of \(judged)"
    }

    /// Logits along one path, a pair a row.
    static func logits(_ records: [ComparisonRecord]) -> Table {
        Table(
            header: [
                "a, b", "same top token", "mean KL", "KL p50 / p99 / p99.9", "max KL", "error mean / p99.9 / max",
                "perplexity a → b",
            ],
            rows: records.compactMap { record in
                guard let forced = record.forced else { return nil }
                return [
                    name(record),
                    record.top1Agreement.map { String(format: "%.2f %%", $0 * 100) } ?? Quantity.notMeasured,
                    small(record.meanKl),
                    [forced.kl?.p50, forced.kl?.p99, forced.kl?.p999].map(small).joined(separator: " / "),
                    small(forced.kl?.max),
                    [forced.meanLogitError, forced.logitErrorP999, forced.maxLogitError].map(small)
                        .joined(separator: " / "),
                    "\(exact(forced.a.perplexity)) → \(exact(forced.b.perplexity))\(change(forced))",
                ]
            })
    }

    private static func change(_ forced: ForcedRecord) -> String {
        guard let a = forced.a.perplexity, let b = forced.b.perplexity, a > 0 else { return "" }
        return String(format: " (%+.3f %%)", (b / a - 1) * 100)
    }

    /// What each dtype did on that path, a dtype a row.
    static func sides(_ records: [ComparisonRecord]) -> Table {
        var sides: [ForcedSideRecord] = []
        for side in records.compactMap(\.forced).flatMap({ [$0.a, $0.b] })
        where !sides.contains(where: { $0.dtype == side.dtype }) {
            sides.append(side)
        }
        return Table(
            header: [
                "dtype", "perplexity", "entropy", "weights changed", "weights overflowed",
                "inf / NaN / saturated hidden", "largest hidden", "non-finite logits",
            ],
            rows: sides.map { side in
                [
                    side.dtype, exact(side.perplexity), exact(side.entropy), Quantity.count(side.weightsChanged),
                    Quantity.count(side.weightsOverflowed),
                    "\(Quantity.count(side.hiddenInfinities)) / \(Quantity.count(side.hiddenNans)) / "
                        + Quantity.count(side.hiddenSaturated),
                    side.hiddenMaxAbs.map { String(format: "%.4g", $0) } ?? Quantity.notMeasured,
                    Quantity.count(side.nonFiniteLogits),
                ]
            })
    }

    /// One completion that parted, at the step where it did.
    struct Parting {
        var problem: String
        var pair: String
        var verdicts: String
        /// Index of the token; with the character's, or that alone, where an endpoint generated.
        var step: String
        /// nil where that side had ended.
        var tokens: (a: String?, b: String?)
        var margins: String
        /// nil where it was not judged.
        var isExplained: Bool?
    }

    static func partings(_ records: [ComparisonRecord]) -> [Parting] {
        records.flatMap { record in
            record.byProblem.compactMap { entry in
                guard let step = step(entry, record) else { return nil }
                let divergence = entry.divergence
                return Parting(
                    problem: id(entry), pair: name(record),
                    verdicts: entry.verdictA == entry.verdictB
                        ? entry.verdictA : "\(entry.verdictA) → \(entry.verdictB)",
                    step: step,
                    tokens: (
                        token(divergence?.textA, divergence?.tokenA), token(divergence?.textB, divergence?.tokenB)
                    ),
                    margins: [divergence?.marginA, divergence?.marginB, divergence?.marginReference].map(small)
                        .joined(separator: " / "),
                    isExplained: divergence?.explainedByRounding)
            }
        }
    }

    /// Where two completions part; nil where they do not, or where a dtype's forced pass did not look.
    private static func step(_ entry: PairRecord, _ record: ComparisonRecord) -> String? {
        guard record.kind == "endpoint" else {
            return entry.divergence == nil ? nil : entry.firstDivergence.map(String.init)
        }
        let places = [entry.firstDivergence.map(String.init), entry.firstDivergenceCharacter.map { "character \($0)" }]
        return entry.identical ? nil : places.compactMap(\.self).joined(separator: ", ")
    }

    static let partingsHeader = [
        "problem", "a, b", "verdicts", "token", "a → b", "top-2 margin in a / b / reference", "explained by rounding",
    ]
    static let partingsRule =
        "Explained by rounding: the reference's margin between its two highest logits is no larger than the 99.9th "
        + "percentile of the pair's logit error at other positions."

    /// White space is spelt out; the id where there is no text; nil if there is no token.
    private static func token(_ text: String?, _ id: Int?) -> String? {
        // An endpoint may name a token without its id.
        guard let text, !text.isEmpty else { return id.map(String.init) }
        return text.reduce(into: "") { result, character in
            switch character {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case " ": result += "␣"
            default: result.append(character)
            }
        }
    }

    static func small(_ value: Double?) -> String { value.map { String(format: "%.3g", $0) } ?? "–" }
    private static func exact(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "–" }
}

/// The metrics of a comparison against a baseline.
extension ComparisonTables {
    static let metricsHeader = ["metric", "baseline", "new", "change", "verdict", "why"]

    static func metric(_ metric: MetricRecord) -> [String] {
        [
            metric.name, value(metric.a, metric.unit), value(metric.b, metric.unit), change(metric),
            metric.verdict.rawValue, metric.reason,
        ]
    }

    static func square(_ record: ComparisonRecord) -> Table {
        Table(
            header: ["", "new: passed", "new: not passed"],
            rows: [
                ["baseline: passed", "\(record.bothPassed)", "\(record.onlyA)"],
                ["baseline: not passed", "\(record.onlyB)", "\(record.neither)"],
            ])
    }

    private static func value(_ value: Double?, _ unit: String) -> String {
        switch unit {
        case "share": Quantity.percent(value)
        case "s": Quantity.seconds(value)
        case "tokens/s": value.map { Quantity.rate($0) } ?? Quantity.notMeasured
        case "B": Quantity.size(value)
        default: value.map { Quantity.fixed($0, 3) } ?? Quantity.notMeasured
        }
    }

    private static func change(_ metric: MetricRecord) -> String {
        let unit = metric.kind == "accuracy" ? "points" : "%"
        guard let change = metric.change else { return Quantity.notMeasured }
        var text = String(format: "%+.1f \(unit == "%" ? "%%" : unit)", change * 100)
        if let interval = metric.changeCi95, interval.count == 2 {
            text += String(format: " (%+.1f to %+.1f)", interval[0] * 100, interval[1] * 100)
        }
        return text
    }
}
