import RunRecords

/// The answer in one sentence.
enum HeadlineSection {
    static func sentence(_ group: RunGroup) -> String {
        let problems = "\(Quantity.count(group.dataset.problems)) problem\(group.dataset.problems == 1 ? "" : "s")"
        let opening =
            "**\(Markdown.plain(group.model.name))** on **\(Markdown.plain(group.dataset.name))** (\(problems)): "
        return opening
            + group.runs.map { result($0, named: group.runs.count > 1 || $0.settings.dtype != nil) }
            .joined(separator: "; ") + "."
    }

    private static func result(_ run: RunReport, named: Bool) -> String {
        let accuracy = run.accuracy
        let label = named ? " in \(Markdown.plain(run.label))" : ""
        guard let value = accuracy.value else { return "nothing could be scored\(label)" }
        let samples = accuracy.total == run.dataset.problems ? "" : " samples"
        let others = accuracy.passAtK.filter { $0.k > 1 }.map { "pass@\($0.k) \(Quantity.percent($0.value))" }
        return "**\(Quantity.percent(value))** \(Markdown.plain(accuracy.metric))\(label) "
            + "(\(Quantity.count(accuracy.passed)) of \(Quantity.count(accuracy.total))\(samples), "
            + "95 % interval \(Quantity.interval(accuracy.ci95))"
            + (others.isEmpty ? ")" : "; \(others.joined(separator: ", ")))")
    }
}
