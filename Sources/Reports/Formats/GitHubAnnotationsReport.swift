import Foundation
import RunRecords

/// Workflow commands that GitHub shows at the top of a run: an error for each metric that became worse, a warning for
/// what cannot be told, a notice for the rest.
package struct GitHubAnnotationsReport: ReportFormat {
    package let name = "github-annotations"
    package let fileName = "annotations.txt"
    package let isOnRequest = true

    package init() {}

    package func render(_ report: Report) -> Data {
        Data(lines(report).map { $0 + "\n" }.joined().utf8)
    }

    private func lines(_ report: Report) -> [String] {
        let judged = report.comparisons.filter { $0.kind == "baseline" }
        if judged.isEmpty {
            return report.runs.map { run in
                Self.command(
                    "notice", title: "YuanBench: \(run.dataset.name), \(run.label)",
                    "\(run.accuracy.metric) \(Quantity.percent(run.accuracy.value)) "
                        + "(\(run.accuracy.passed) of \(run.accuracy.total), 95 % interval "
                        + "\(Quantity.interval(run.accuracy.ci95)))")
            }
        }
        return judged.flatMap { record in
            record.metrics.map { metric in
                let kind =
                    switch metric.verdict {
                    case .worse: "error"
                    case .cannotTell: metric.kind == "accuracy" ? "warning" : "notice"
                    case .better, .noWorse: "notice"
                    }
                return Self.command(
                    kind, title: "YuanBench: \(metric.name) \(metric.verdict.rawValue), \(record.dataset) \(record.b)",
                    metric.reason)
            } + record.warnings.map { Self.command("warning", title: "YuanBench: not equal on both sides", $0) }
        }
    }

    /// `::error title=…::…`, with what the runner would read as its own escaped.
    static func command(_ kind: String, title: String, _ message: String) -> String {
        func data(_ text: String) -> String {
            text.replacingOccurrences(of: "%", with: "%25").replacingOccurrences(of: "\r", with: "%0D")
                .replacingOccurrences(of: "\n", with: "%0A")
        }
        let property = data(title).replacingOccurrences(of: ":", with: "%3A").replacingOccurrences(of: ",", with: "%2C")
        return "::\(kind) title=\(property)::\(data(message))"
    }
}
