import Foundation
import RunRecords

/// `report.md`: the report as a person reads it, on GitHub or as plain text.
package struct MarkdownReport: ReportFormat {
    package let name = "markdown"
    package let fileName = "report.md"

    package init() {}

    package func render(_ report: Report) -> Data {
        Data(text(report).utf8)
    }

    package func text(_ report: Report) -> String {
        let groups = RunGroup.groups(of: report.runs)
        var blocks = ["# YuanBench report"]
        blocks += groups.map(HeadlineSection.sentence)
        blocks += BenchmarkSection.headlines(report.benchmarks) + ServingSection.headlines(report.serving)
        blocks += NotesSection.blocks(report)
        let charts = ReportCharts.all(report)
        if !charts.isEmpty {
            // Beside the report; on GitHub they follow the reader's theme.
            let images = charts.map { "![\($0.chart.title)](\(ReportCharts.folder)/\($0.name).svg)" }
            blocks.append(images.joined(separator: "\n"))
        }
        for group in groups {
            if groups.count > 1 { blocks.append("## \(Markdown.code(group.title))") }
            let precision = PrecisionSection.blocks(group, report.comparisons)
            blocks += AccuracySection.blocks(group, hasComparisons: !precision.isEmpty) + precision
            blocks += SpeedSection.blocks(group)
        }
        blocks += BenchmarkSection.blocks(report) + ServingSection.blocks(report.serving)
        blocks += HostSection.blocks(report.host) + IsolationSection.blocks(report.runs)
        blocks += SettingsSection.blocks(groups)
        blocks += FailuresSection.blocks(groups)
        blocks += RepeatSection.blocks(report)
        return blocks.joined(separator: "\n\n") + "\n"
    }
}
