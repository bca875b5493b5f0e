import Foundation
import RunRecords

/// The input of github-action-benchmark with `tool: customBiggerIsBetter`: scores and rates over time.
package struct BenchmarkActionReport: ReportFormat {
    package let name = "github-action-benchmark"
    package let fileName = "benchmark.json"
    package let isOnRequest = true

    package init() {}

    private struct Entry: Encodable {
        var name: String
        var unit: String
        var value: Double
        var range: String?
        var extra: String?
    }

    package func render(_ report: Report) throws(ReportError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(report.runs.flatMap(entries)) + Data("\n".utf8)
        } catch {
            throw ReportError("report: cannot be written for github-action-benchmark (\(error))")
        }
    }

    private func entries(_ run: RunReport) -> [Entry] {
        let title = "\(run.model.name) / \(run.dataset.name) / \(run.label)"
        var entries: [Entry] = []
        if let value = run.accuracy.value {
            let half = run.accuracy.ci95.map { ($0[1] - $0[0]) / 2 * 100 }
            entries.append(
                Entry(
                    name: "\(title) / \(run.accuracy.metric)", unit: "%", value: value * 100,
                    range: half.map { String(format: "± %.1f", $0) },
                    extra: "\(run.accuracy.passed) of \(run.accuracy.total)"))
        }
        for (name, rate) in [
            ("decode", run.throughput?.decodeTokensPerS), ("prefill", run.throughput?.prefillTokensPerS),
        ] {
            if let rate { entries.append(Entry(name: "\(title) / \(name)", unit: "tokens/s", value: rate)) }
        }
        return entries
    }
}
