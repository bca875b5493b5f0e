import RunRecords

/// Every sample that did not pass, and why.
enum FailuresSection {
    private static let openUpTo = 12
    private static let detailLimit = 160

    static func blocks(_ groups: [RunGroup]) -> [String] {
        let runs = groups.flatMap(\.runs)
        guard runs.contains(where: { !$0.failures.isEmpty || !$0.unscored.isEmpty }) else {
            return runs.isEmpty ? [] : ["## Failures", "None."]
        }
        return ["## Failures"] + runs.flatMap { blocks($0, several: groups.count > 1) }
    }

    private static func blocks(_ run: RunReport, several: Bool) -> [String] {
        let name = (several ? "\(Markdown.plain(run.dataset.name)), " : "") + Markdown.plain(run.label)
        let listed = run.failures + run.unscored
        guard !listed.isEmpty else { return ["**\(name)**: none."] }
        let sampled = run.problems.contains { $0.sample > 0 }
        let rows = listed.map { record in
            [
                Markdown.code(record.id) + (sampled ? " sample \(record.sample)" : ""), Markdown.plain(record.verdict),
                Markdown.code(record.detail, limit: detailLimit), Markdown.plain(record.finishReason ?? "–"),
                record.generatedTokens.map { Quantity.count($0) } ?? "–",
            ]
        }
        let table = Markdown.table(["problem", "verdict", "reason", "finish", "tokens"], rows, numeric: false)
        let summary =
            "\(name): \(run.failures.count) not passed"
            + (run.unscored.isEmpty ? "" : ", \(run.unscored.count) not scored")
        return [
            "**\(name)**: " + reasons(listed),
            Markdown.details(summary, open: listed.count <= openUpTo, table),
        ]
    }

    /// `failed 12 (AssertionError 7, NameError 5), timeout 2`.
    private static func reasons(_ records: [ProblemRecord]) -> String {
        let byVerdict = Dictionary(grouping: records, by: \.verdict)
        return VerdictOrder.sorted(Set(byVerdict.keys)).map { verdict in
            let members = byVerdict[verdict] ?? []
            let kinds = Dictionary(grouping: members.compactMap { kind($0.detail) }, by: \.self).mapValues(\.count)
            let told = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { "\(Markdown.plain($0.key)) \($0.value)" }
            return "\(Markdown.plain(verdict)) \(members.count)"
                + (told.isEmpty ? "" : " (\(told.joined(separator: ", ")))")
        }.joined(separator: ", ") + "."
    }

    /// The name that a detail such as `AssertionError: …` begins with, if it begins with a name.
    private static func kind(_ detail: String) -> String? {
        let name = detail.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        guard name.count <= 60, name.hasSuffix("Error") || name.hasSuffix("Exception") || name.hasSuffix("Interrupt")
        else {
            return nil
        }
        return String(name)
    }
}
