import RunRecords

/// How far the dtypes agree: problem by problem, and token by token along one path.
enum PrecisionSection {
    private static let listed = 60

    static func blocks(_ group: RunGroup, _ all: [ComparisonRecord]) -> [String] {
        let records = comparisons(group, all)
        if records.isEmpty { return [] }
        var blocks = [
            records.allSatisfy { $0.kind == "endpoint" } ? "### Endpoints compared" : "### Dtypes compared",
            records.map { "- \(Markdown.plain($0.conclusion))" }.joined(separator: "\n"),
        ]
        blocks.append(table(ComparisonTables.answers(records)))
        if let first = records.lazy.compactMap(\.forced).first {
            blocks += [
                "#### Along the tokens of \(Markdown.plain(first.path))", path(first),
                table(ComparisonTables.logits(records)), table(ComparisonTables.sides(records)),
            ]
        }
        return blocks + divergences(records)
    }

    /// Those between runs of this group.
    static func comparisons(_ group: RunGroup, _ all: [ComparisonRecord]) -> [ComparisonRecord] {
        let labels = Set(group.runs.map(\.label))
        return all.filter {
            $0.kind != "baseline" && labels.isSuperset(of: [$0.a, $0.b]) && $0.datasetSha256 == group.dataset.sha256
                && $0.prompt == group.prompt
        }
    }

    /// What was compared along a path.
    static func path(_ forced: ForcedRecord) -> String {
        "Every dtype was taken along the same tokens; logits of \(Quantity.count(forced.positions)) of "
            + "\(Quantity.count(forced.positionsTotal)) positions were compared. KL is in nats, KL(a ‖ b); errors are "
            + "those of single logits."
    }

    /// Only the first column holds names.
    private static func table(_ table: ComparisonTables.Table) -> String {
        Markdown.table(table.header, table.rows.map { [Markdown.plain($0[0])] + $0.dropFirst() })
    }

    private static func divergences(_ records: [ComparisonRecord]) -> [String] {
        let partings = ComparisonTables.partings(records)
        if partings.isEmpty { return [] }
        let rows = partings.prefix(listed).map { parting in
            [
                Markdown.plain(parting.problem), Markdown.plain(parting.pair), Markdown.plain(parting.verdicts),
                parting.step, "\(token(parting.tokens.a)) → \(token(parting.tokens.b))", parting.margins,
                parting.isExplained.map { $0 ? "yes" : "**no**" } ?? "not judged",
            ]
        }
        let table = Markdown.table(ComparisonTables.partingsHeader, rows, numeric: false)
        let more = partings.count > listed ? "\n\n\(partings.count - listed) more are in report.json." : ""
        return [
            Markdown.details(
                "Where completions part (\(partings.count))", open: false,
                ComparisonTables.partingsRule + "\n\n" + table + more)
        ]
    }

    /// nil where that side had ended.
    private static func token(_ text: String?) -> String {
        text.map { Markdown.code($0) } ?? "(ended)"
    }
}
