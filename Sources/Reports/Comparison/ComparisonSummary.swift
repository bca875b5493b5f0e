import RunRecords

/// A comparison against a baseline in a few lines for the terminal.
package enum ComparisonSummary {
    /// - Returns: lines with a final newline.
    package static func render(_ comparison: BaselineComparison) -> String {
        var lines: [String] = []
        for record in comparison.records {
            lines.append("\(record.dataset), \(record.b): \(record.conclusion)")
            for metric in record.metrics {
                lines.append("  \(metric.name): \(metric.verdict.rawValue) (\(metric.reason))")
            }
            for warning in record.warnings { lines.append("  warning: \(warning)") }
        }
        for point in comparison.benchmarks {
            lines.append(point.point)
            for metric in point.metrics {
                lines.append("  \(metric.name): \(metric.verdict.rawValue) (\(metric.reason))")
            }
        }
        lines += comparison.notes.map { "note: \($0)" }
        lines.append("verdict: \(comparison.outcome.words)")
        return lines.map { TerminalText.printable($0) + "\n" }.joined()
    }
}
