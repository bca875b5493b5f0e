import RunRecords

/// Comparisons on the page: of dtypes with each other, and of the run with a baseline.
enum HTMLComparisons {
    private static let listed = 200

    /// How far the dtypes of a group agree; empty where they were not compared.
    static func dtypes(_ group: RunGroup, _ all: [ComparisonRecord]) -> [String] {
        let records = PrecisionSection.comparisons(group, all)
        if records.isEmpty { return [] }
        let title = HTML.text(group.title)
        var content = [
            "<ul>\(records.map { "<li>\(HTML.text($0.conclusion))</li>" }.joined())</ul>",
            table("Answers of \(title), pair by pair", ComparisonTables.answers(records)),
        ]
        if let first = records.lazy.compactMap(\.forced).first {
            content += [
                "<h3>Along the tokens of \(HTML.text(first.path))</h3>",
                "<p>\(HTML.text(PrecisionSection.path(first)))</p>",
                table("Logits of \(title), pair by pair", ComparisonTables.logits(records)),
                table("Each dtype of \(title) along those tokens", ComparisonTables.sides(records)),
            ]
        }
        return content + partings(records)
    }

    /// The run against an earlier one; empty where there was none.
    static func baseline(_ all: [ComparisonRecord]) -> [String] {
        all.filter { $0.kind == "baseline" }.flatMap { record in
            let title = HTML.text("\(record.dataset), \(record.prompt): \(record.a) and \(record.b)")
            let rows = record.metrics.map { ComparisonTables.metric($0).map(HTML.text) }
            let warnings = record.warnings.map { "<li>\(HTML.text($0))</li>" }.joined()
            let flipped = record.byProblem.filter {
                ($0.verdictA == Verdicts.passed) != ($0.verdictB == Verdicts.passed)
            }
            return [
                "<p>\(HTML.text(record.conclusion))</p>",
                HTML.table(caption: title, header: ComparisonTables.metricsHeader, rows: rows, style: "metrics"),
                table("Verdicts of both sides, \(title)", ComparisonTables.square(record)),
                warnings.isEmpty ? "" : "<ul class=\"notes\" aria-label=\"Not equal on both sides\">\(warnings)</ul>",
                flipped.isEmpty
                    ? ""
                    : HTML.table(
                        caption: "Problems whose verdict changed", header: ["problem", "baseline", "new"],
                        rows: flipped.map { [ComparisonTables.id($0), $0.verdictA, $0.verdictB].map(HTML.text) }),
            ].filter { !$0.isEmpty }
        }
    }

    private static func table(_ caption: String, _ table: ComparisonTables.Table) -> String {
        HTML.table(
            caption: caption, header: table.header.map(HTML.text), rows: table.rows.map { $0.map(HTML.text) },
            style: "numbers")
    }

    private static func partings(_ records: [ComparisonRecord]) -> [String] {
        let partings = ComparisonTables.partings(records)
        if partings.isEmpty { return [] }
        let rows = partings.prefix(listed).map { parting in
            [
                HTML.text(parting.problem), HTML.text(parting.pair), HTML.text(parting.verdicts),
                HTML.text(parting.step),
                "\(token(parting.tokens.a)) → \(token(parting.tokens.b))", HTML.text(parting.margins),
                parting.isExplained.map { $0 ? "yes" : "<strong>no</strong>" } ?? "not judged",
            ]
        }
        let more = partings.count > listed ? "<p>\(partings.count - listed) more are in report.json.</p>" : ""
        return [
            """
            <details><summary>Where completions part (\(partings.count))</summary>
            <p>\(HTML.text(ComparisonTables.partingsRule))</p>
            \(HTML.table(caption: "The first token that differs", header: ComparisonTables.partingsHeader, rows: rows))
            \(more)</details>
            """
        ]
    }

    /// nil where that side had ended.
    private static func token(_ text: String?) -> String {
        text.map(HTML.code) ?? "(ended)"
    }
}
