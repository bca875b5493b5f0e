import RunRecords

/// What a reader has to know before believing the numbers.
enum NotesSection {
    static func blocks(_ report: Report) -> [String] {
        let notes = ReportNotes.all(report)
        if notes.isEmpty { return [] }
        return [(["> [!NOTE]"] + notes.map { "> - \(Markdown.plain($0))" }).joined(separator: "\n")]
    }
}
