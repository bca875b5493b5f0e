import RunRecords

/// Scores, verdicts, and how far the dtypes agree.
enum AccuracySection {
    private static let listedDifferences = 10

    /// - Parameter hasComparisons: the dtypes are compared elsewhere, in more depth.
    static func blocks(_ group: RunGroup, hasComparisons: Bool) -> [String] {
        var blocks = ["### Accuracy", scores(group), verdicts(group)]
        if hasComparisons { return blocks }
        for (index, first) in group.runs.enumerated() {
            for second in group.runs[(index + 1)...] { blocks.append(agreement(first, second)) }
        }
        return blocks
    }

    private static func scores(_ group: RunGroup) -> String {
        let further = Set(group.runs.flatMap(\.accuracy.scores.keys)).sorted()
        let header =
            ["dtype", Markdown.plain(group.metric), "95 % interval"] + group.ks.map { "pass@\($0)" }
            + ["passed", "scored"] + further.map(Markdown.plain)
        let rows = group.runs.map { run in
            let accuracy = run.accuracy
            return [
                Markdown.plain(run.label), "**\(Quantity.percent(accuracy.value))**", Quantity.interval(accuracy.ci95),
            ] + group.ks.map { Quantity.passAtK(accuracy, $0) } + [
                Quantity.count(accuracy.passed), Quantity.count(accuracy.total),
            ] + further.map { Quantity.percent(accuracy.scores[$0]) }
        }
        return Markdown.table(header, rows)
    }

    private static func verdicts(_ group: RunGroup) -> String {
        let names = VerdictOrder.sorted(Set(group.runs.flatMap(\.accuracy.verdicts.keys)))
        var rows = names.map { name in
            [Markdown.plain(name) + (Verdicts.unscored.contains(name) ? " (not scored)" : "")]
                + group.runs.map { Quantity.count($0.accuracy.verdicts[name] ?? 0) }
        }
        if group.runs.contains(where: { $0.problems.contains { $0.finishReason != nil } }) {
            rows.append(
                ["cut off at the token limit"]
                    + group.runs.map { Quantity.count($0.problems.count { $0.finishReason == "length" }) })
        }
        return Markdown.table(["verdict"] + group.runs.map { Markdown.plain($0.label) }, rows)
    }

    private static func agreement(_ first: RunReport, _ second: RunReport) -> String {
        let agreement = Agreement(first, second)
        let (a, b) = (Markdown.plain(first.label), Markdown.plain(second.label))
        let count = Quantity.count
        var text =
            "**\(a) and \(b)** gave identical completions on \(count(agreement.identicalCompletions)) of "
            + "\(count(agreement.compared)) problems. Passed by both: \(count(agreement.bothPassed)), by \(a) alone: "
            + "\(count(agreement.onlyFirstPassed)), by \(b) alone: \(count(agreement.onlySecondPassed)), by neither: "
            + "\(count(agreement.neitherPassed)). Verdicts differ on \(count(agreement.differences.count))"
        let listed = agreement.differences.prefix(listedDifferences).map {
            "\(Markdown.code($0.id))\($0.sample > 0 ? " sample \($0.sample)" : "") "
                + "(\(Markdown.plain($0.first)), \(Markdown.plain($0.second)))"
        }
        let more = agreement.differences.count - listed.count
        if !listed.isEmpty { text += ": " + listed.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "") }
        return text + "."
    }
}

/// Verdicts in the order they are told: passed first, those that are not scored last.
enum VerdictOrder {
    static func sorted(_ names: Set<String>) -> [String] {
        names.sorted { (rank($0), $0) < (rank($1), $1) }
    }

    private static func rank(_ name: String) -> Int {
        switch name {
        case Verdicts.passed: 0
        case "failed": 1
        default: Verdicts.unscored.contains(name) ? 3 : 2
        }
    }
}
