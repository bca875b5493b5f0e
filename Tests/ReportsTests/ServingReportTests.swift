import Foundation
import RunRecords
import Testing

@testable import Reports

/// A report such as `bench --endpoint` writes: one server under three loads.
enum SampleServing {
    static let endpoint = EndpointRecord(
        label: nil, urls: ["http://gpu:8000"], model: "coder", route: "/v1/completions", prompts: "text",
        concurrency: nil, requests: [64], retries: 0, tokenCounts: ["server usage": 64], losses: [])

    static var report: Report {
        var report = SampleReport.report
        report.runs = []
        report.comparisons = []
        report.command = ["yuanbench", "bench", "--endpoint", "http://gpu:8000"]
        report.serving = [record(concurrency: 1), record(concurrency: 8), record(concurrency: nil)]
        return report
    }

    static func record(concurrency: Int?) -> ServingRecord {
        let load = LoadRecord(
            kind: concurrency == nil ? "open" : "closed", concurrency: concurrency,
            requestRate: concurrency == nil ? 2.5 : nil, arrivals: concurrency == nil ? "poisson" : nil, seed: 0,
            requests: 64, warmup: 1, prompts: "synthetic", promptTokens: 512, maxNewTokens: 128, ignoreEos: true,
            goodput: GoodputLimits(ttftS: 0.5, tpotS: 0.05))
        var record = ServingRecord(endpoint: endpoint, load: load, durationS: 20)
        record.completed = 62
        record.failed = 2
        record.errors = [ErrorRecord(reason: "endpoint http://gpu:8000 answered 500 | <b>", count: 2)]
        (record.inputTokens, record.outputTokens) = (31_744, 7936)
        (record.requestsPerS, record.goodputPerS) = (3.1, 2.9)
        (record.outputTokensPerS, record.totalTokensPerS) = (396.8 * Double(concurrency ?? 4), 1984)
        record.peakConcurrency = concurrency ?? 5
        record.ttftS = Distribution(of: [0.1, 0.2, 0.4])
        record.tpotS = Distribution(of: [0.01, 0.02])
        record.itlS = Distribution(of: [0.01])
        record.e2elS = Distribution(of: [1.5, 2])
        record.serverMetrics = [SampledMetric(name: "vllm:num_requests_running", values: [1, 8, 3])].compactMap(\.self)
        var device = DeviceRecord(source: "nvidia-smi", index: 0, name: "NVIDIA A10")
        device.memoryTotalBytes = 24_146_608_128
        device.powerW = SampledMetric(name: "power_w", values: [56, 149])
        record.devices = [device]
        record.warnings = [BenchmarkWarning(cause: "2 of 64 requests failed", remedy: "lower the load")]
        return record
    }
}

@Suite struct ServingReportTests {
    @Test func markdownHasEveryNumberAndItsMeaning() {
        let text = MarkdownReport().text(SampleServing.report)
        for words in [
            "**coder** at `http://gpu:8000`", "up to **3,174** output tokens/s (8 at a time)", "## Serving",
            "| 1 at a time |",
            "| 2.5/s poisson |", "goodput, requests/s", "`vllm:num_requests_running`", "102.5 W / 149.0 W",
            "TTFT ≤ 500 ms",
            "200 ms", "**TPOT**: (E2EL − TTFT)", "2 of 64 requests failed; lower the load.",
        ] { #expect(text.contains(words), "\(words)") }
        // What a server said cannot mark anything up.
        #expect(!text.contains("<b>") && !text.contains("500 | <"))
    }

    @Test func theOtherFormsHaveItToo() throws {
        let report = SampleServing.report
        let page = try HTMLReport().text(report)
        #expect(page.contains("id=\"serving\"") && page.contains("8 at a time") && page.contains("servers under load"))
        let summary = TerminalSummary.render(report, width: 100)
        #expect(summary.contains("8 at a time") && summary.contains("output tok/s"))
        #expect(summary.split(separator: "\n").allSatisfy { $0.count <= 100 })
        let names = ReportCharts.all(report).map(\.name)
        #expect(names == ["serving-throughput", "serving-ttft"])
        #expect(try ReportCoding.decode(JSONReport().render(report)) == report)
    }

    @Test func endpointsComparedAreShown() {
        var report = SampleReport.report
        for index in report.comparisons.indices { report.comparisons[index].kind = "endpoint" }
        var record = report.comparisons[0]
        record.firstDivergence = nil
        record.firstDivergenceCharacters = QuartilesRecord([4, 40, 90])
        for index in record.byProblem.indices where !record.byProblem[index].identical {
            record.byProblem[index].firstDivergence = nil
            record.byProblem[index].firstDivergenceCharacter = 40
            record.byProblem[index].divergence = nil
        }
        report.comparisons[0] = record
        let text = MarkdownReport().text(report)
        #expect(text.contains("### Endpoints compared") && text.contains("40 (4 to 90) characters"))
        #expect(text.contains("| character 40 |"))
    }
}
