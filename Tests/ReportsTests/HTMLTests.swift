import Crypto
import Foundation
import RunRecords
import Testing

@testable import Reports

@Suite struct HTMLTests {
    /// Completions and details such as an attacker would write them.
    private static let hostile = [
        "</script><script>document.title='broken'</script>", "<!-- <script>", "]]>", "\u{2028}\u{2029}\u{0}\u{7}",
        "\" onmouseover=\"alert(1)\" x='", "&lt;b&gt; &amp; <b>bold</b>", "\u{202E}desrever", "\\u003c/script>",
    ]

    /// The sample, and its second run against the first as a baseline.
    static var comparedReport: Report {
        var report = SampleReport.report
        var baseline = report.comparisons[0]
        baseline.kind = "baseline"
        baseline.warnings = ["threads: 2 → 4"]
        report.comparisons.append(baseline)
        return report
    }

    static var hostileReport: Report {
        var report = comparedReport
        for index in report.comparisons.indices {
            report.comparisons[index].conclusion = hostile[0]
            report.comparisons[index].warnings = report.comparisons[index].warnings.map { _ in hostile[4] }
            report.comparisons[index].metrics[0].name = hostile[0]
            report.comparisons[index].metrics[0].reason = hostile[4]
            report.comparisons[index].forced?.path = hostile[5]
            report.comparisons[index].forced?.a.dtype = hostile[0]
            for entry in report.comparisons[index].byProblem.indices {
                report.comparisons[index].byProblem[entry].id += hostile[entry % hostile.count]
                report.comparisons[index].byProblem[entry].divergence?.textA = hostile[0]
                report.comparisons[index].byProblem[entry].divergence?.textB = hostile[6]
            }
        }
        for run in report.runs.indices {
            for (index, text) in hostile.enumerated() {
                report.runs[run].problems[index].id += text
                report.runs[run].problems[index].detail = text
                report.runs[run].problems[index].completion = text
                report.runs[run].problems[index].prompt = text
            }
            report.runs[run].model.name = hostile[0] + hostile[4]
            report.runs[run].dataset.name = hostile[4]
            report.runs[run].settings.stop = hostile
        }
        report.command = ["yuanbench"] + hostile
        report.host.cpu = hostile[0]
        report.tool.version = hostile[4]
        report.createdAt = hostile[1]
        return report
    }

    /// The text between an element's opening tag and the next closing tag of the same kind, as a browser takes it.
    private func content(of opening: String, in page: String) throws -> String {
        let start = try #require(page.range(of: opening)).upperBound
        let end = try #require(page.range(of: "</script", range: start..<page.endIndex)).lowerBound
        return String(page[start..<end])
    }

    @Test func theNumbersStandInThePage() throws {
        let page = try HTMLReport().text(SampleReport.report)
        for expected in [
            "<p class=\"score\">15.8 %</p>", "<p class=\"score\">21.1 %</p>", "95 % interval 5.5 % to 37.6 %",
            "<td>148</td><td>97.4</td>", "<td>15 of 19</td>", "not measured", "AMD EPYC 7R13 Processor",
            "1 of 20 not scored",
        ] {
            #expect(page.contains(expected), "\(expected)")
        }
    }

    @Test func comparisonsStandInThePage() throws {
        let page = try HTMLReport().text(Self.comparedReport)
        for expected in [
            // Of dtypes with each other.
            "bf16 and fp16 differ on 3 of 19 problems", "<td>98.40 %</td>", "Along the tokens of bf16",
            "<summary>Where completions part (1)</summary>", "<code>␣a</code> → <code>|b`</code>",
            "<td>0.125 / 0.0625 / 0.125</td><td>yes</td>", "Where completions first differ",
            // Against the baseline.
            "href=\"#baseline\"", "<td>cannot tell</td><td>too few problems</td>",
            "<td>+5.0 points (-10.0 to +20.0)</td>",
            "<li>threads: 2 → 4</li>", "Problems whose verdict changed",
            "<th scope=\"row\">HumanEval/6</th><td>failed</td><td>passed</td>",
        ] {
            #expect(page.contains(expected), "\(expected)")
        }
        var report = SampleReport.report
        report.comparisons = []
        let plain = try HTMLReport().text(report)
        #expect(plain.contains("identical completions on 15 of") && !plain.contains("id=\"baseline\""))
    }

    @Test func theEmbeddedDataAreTheProblems() throws {
        for report in [SampleReport.report, Self.hostileReport] {
            let page = try HTMLReport().text(report)
            let json = try content(of: "id=\"data\">", in: page)
            #expect(!json.contains { "<>&\u{2028}\u{2029}".contains($0) })
            struct Run: Decodable {
                var label: String
                var problems: [ProblemRecord]
            }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let runs = try decoder.decode([Run].self, from: Data(json.utf8))
            #expect(runs.map(\.label) == ["bf16", "fp16"])
            #expect(runs.map(\.problems) == report.runs.map(\.problems))
        }
    }

    /// Whatever a report holds, the page has the elements it always has, and its own script alone.
    @Test func nothingInAReportBecomesMarkup() throws {
        let page = try HTMLReport().text(Self.hostileReport)
        let plain = try HTMLReport().text(Self.comparedReport)
        func tags(_ page: String) -> [String: Int] {
            // How many lines of text a chart has depends on the length of names.
            Dictionary(
                page.matches(of: /<\/?[a-zA-Z!][^\s>]*/).map { (String($0.output), 1) }, uniquingKeysWith: +
            ).filter { !$0.key.hasSuffix("text") }
        }
        #expect(tags(page) == tags(plain))
        #expect(page.components(separatedBy: "<script").count == 3)
        let outside = page.replacingOccurrences(of: try content(of: "id=\"data\">", in: page), with: "")
        #expect(!outside.contains("onmouseover=\"") && !outside.contains("\u{202E}"))
    }

    @Test func thePolicyNamesTheScriptAsItStands() throws {
        let page = try HTMLReport().text(SampleReport.report)
        let script = try content(of: "</script>\n<script>", in: page)
        let digest = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
        #expect(
            page.contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-\(digest)'")
        )
        // Nothing is fetched, and nothing but text goes into the page.
        let outside = page.replacingOccurrences(of: try content(of: "id=\"data\">", in: page), with: "")
        for word in ["http:", "https:", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            #expect(!outside.contains(word), "\(word)")
        }
    }

    @Test func reportsWithoutRunsOrProblemsHaveAPage() throws {
        var report = SampleReport.report
        report.runs = []
        #expect(try HTMLReport().text(report).contains("AMD EPYC"))
        report.runs = [SampleReport.run(nil, [])]
        report.runs[0].throughput = nil
        report.runs[0].memory = nil
        let page = try HTMLReport().text(report)
        #expect(page.contains("<td>not measured</td>"))
        #expect(!page.contains("id=\"filters\""))
    }

    @Test func whatWasMeasuredIsDrawn() throws {
        let charts = ReportCharts.all(SampleReport.report)
        #expect(
            charts.map(\.name) == [
                "score", "decode", "prefill", "memory", "first-divergence", "kl-over-position", "error-over-layer",
            ])
        #expect(charts[0].chart.series[0].points.map(\.x) == SampleReport.report.runs.map { $0.accuracy.value })
        // fp16's cache was not measured, and has no bar.
        #expect(charts[3].chart.series.map(\.points.count) == [2, 2, 1])
        let markdown = MarkdownReport().text(SampleReport.report)
        #expect(markdown.contains("![Score by dtype](charts/score.svg)"))
        #expect(try HTMLReport().text(SampleReport.report).components(separatedBy: "<figure><svg").count == 8)

        var report = SampleReport.report
        report.runs = [report.runs[0], SampleReport.run(nil, [])]
        report.runs[1].dataset.name = "other"
        report.runs[1].throughput = nil
        report.runs[1].memory = nil
        #expect(ReportCharts.all(report).map(\.name) == ["score-1", "decode-1", "prefill-1", "memory-1"])
    }

    /// For Scripts/check_html.py, which looks at the pages in a browser.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["YUANBENCH_HTML"] != nil))
    func pagesForABrowser() throws {
        let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["YUANBENCH_HTML"] ?? "")
        try HTMLReport().render(Self.comparedReport).write(to: folder.appendingPathComponent("sample.html"))
        try HTMLReport().render(SampleBenchmark.report).write(to: folder.appendingPathComponent("benchmark.html"))
        try HTMLReport().render(Self.hostileReport).write(to: folder.appendingPathComponent("hostile.html"))
    }
}
