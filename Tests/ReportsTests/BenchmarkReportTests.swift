import Foundation
import RunRecords
import Testing

@testable import Reports

@Suite struct BenchmarkReportTests {
    private let text = MarkdownReport().text(SampleBenchmark.report)

    @Test func theHeadlineSaysHowFast() {
        #expect(
            text.contains(
                "**shape:yuan2-2b** (2.09 B parameters, random weights) in bf16, 2 threads: prefill **100** tokens/s, "
                    + "decode **11.4** tokens/s for one sequence, **148** for 32 together."))
        #expect(!text.contains("## Failures") && !text.contains("### Accuracy"))
    }

    /// The columns of llama-bench, and its way to state a mean.
    @Test func aTableStandsBesideLlamaBenchs() {
        #expect(text.contains("| model | size | params | backend | threads | test | t/s |"))
        let common = "| shape:yuan2-2b bf16 | 3.89 GiB | 2.09 B | yuanbench avx2 | 2 |"
        #expect(text.contains("\(common) pp128 | 100.00 ± 1.00 |"))
        #expect(text.contains("\(common) tg32 @ d512 × 8 | 68.57 ± 1.37 |"))
        #expect(
            text.contains("| bf16, 2 threads | 128 | 32 | 8 | 1280 | 2.000 | 100.00 | 1.500 | 68.57 | 4.000 | 320.00 |")
        )
    }

    @Test func everyTermIsDefinedAndEveryLimitNamed() {
        for term in [
            "**prefill**", "**decode**", "**TTFT**", "**inter-token latency**", "**share of the read bandwidth**",
        ] {
            #expect(text.contains(term))
        }
        #expect(text.contains("| bf16, 2 threads | 128 | 32 | 1 | 80.0 % | 10.0 % | 70.0 % | 60.0 | 480.0 |"))
        #expect(text.contains("| not measured |"), "energy")
    }

    @Test func doubtsOfManyPointsAreToldOnce() {
        let notes = ReportNotes.all(SampleBenchmark.report).filter { $0.contains("other processes") }
        #expect(notes.count == 1 && notes[0].contains("and 11 more of 12 points") && notes[0].contains("stop them"))
    }

    @Test func curvesAreDrawn() throws {
        let charts = BenchmarkCharts.all(SampleBenchmark.report.benchmarks)
        #expect(
            charts.map(\.name) == [
                "decode-over-batch", "prefill-over-batch", "decode-over-prompt", "prefill-over-prompt", "roofline",
                "memory-over-batch",
            ])
        for (name, chart) in charts {
            #expect(text.contains("charts/\(name).svg"))
            #expect(chart.series.allSatisfy { $0.points.count > 1 })
        }
        let decode = charts[0].chart
        #expect(decode.series.map(\.name).contains("bf16, 2 threads, prompt 512"))
        #expect(decode.series.count == 4 && decode.series[0].points.map(\.x) == [1, 8, 32])
        #expect(decode.series[0].points[0].yInterval != nil)
        // The limit: 60 GB/s over 4.2 GB, times the batch, until 480 GFLOP/s over 4.2 GFLOP a token.
        guard case .path(let limit)? = decode.references.first?.shape else {
            Issue.record("there is no limit")
            return
        }
        #expect(abs(limit[0].y - 14.285_714) < 1e-3)
        #expect(abs(limit[2].y - 114.285_714) < 1e-3)
        let memory = charts[5].chart
        #expect(memory.series.map(\.points.count) == [3, 3])
    }

    @Test func aSinglePointHasNoCurve() {
        let charts = BenchmarkCharts.all([SampleBenchmark.record("bf16", prompt: 128, batch: 1)])
        #expect(charts.map(\.name) == ["roofline"])
        #expect(BenchmarkCharts.all([]).isEmpty)
    }

    @Test func whatWasNotMeasuredIsNotDrawn() {
        var record = SampleBenchmark.record("bf16", prompt: 128, batch: 1)
        record.decodeTokensPerS = nil
        record.samples = []
        #expect(BenchmarkCharts.all([record]).isEmpty)
        var report = SampleBenchmark.report
        report.benchmarks = [record]
        #expect(MarkdownReport().text(report).contains("| not measured |"))
    }

    @Test func theTerminalShowsWhatFits() {
        let wide = TerminalSummary.render(SampleBenchmark.report, width: 120)
        #expect(wide.contains("decode tok/s") && wide.contains("peak RSS") && wide.contains("80.0 %"))
        let narrow = TerminalSummary.render(SampleBenchmark.report, width: 70)
        #expect(narrow.contains("decode tok/s") && !narrow.contains("peak RSS"))
    }
}
