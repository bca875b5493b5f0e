import Foundation
import RunRecords
import Testing

@testable import Reports

@Suite struct MarkdownTests {
    private let text = MarkdownReport().text(SampleReport.report)

    /// The lines between a heading and the next of any level.
    private func section(_ heading: String, of text: String) -> [String] {
        let lines = text.components(separatedBy: "\n")
        guard let start = lines.firstIndex(of: heading) else { return [] }
        return Array(lines[(start + 1)...].prefix { !$0.hasPrefix("#") })
    }

    @Test func theHeadlineSaysWhatCameOut() {
        #expect(
            text.contains(
                "**SmolLM2-135M-Instruct** on **humaneval** (20 problems): **15.8 %** pass@1 in bf16 (3 of 19 samples, "
                    + "95 % interval 5.5 % to 37.6 %); **21.1 %** pass@1 in fp16 (4 of 19 samples"))
    }

    @Test func dtypesStandSideBySide() {
        let accuracy = section("### Accuracy", of: text)
        #expect(accuracy.contains("| bf16 | **15.8 %** | 5.5 % to 37.6 % | 3 | 19 |"))
        #expect(accuracy.contains("| failed | 13 | 12 |"))
        #expect(accuracy.contains("| sandbox_error (not scored) | 1 | 1 |"))
        #expect(accuracy.contains("| cut off at the token limit | 2 | 2 |"))
        #expect(section("### Throughput", of: text).contains("| decode, tokens/s | 148 | 97.4 |"))
        #expect(
            section("### Throughput", of: text).contains(
                "| time to first token, p50 / p95 | 412 ms / 951 ms | 412 ms / 951 ms |"))
        #expect(section("### Memory", of: text).contains("| peak resident memory | 440.0 MiB | 452.5 MiB |"))
        #expect(section("### Memory", of: text).contains("| key-value cache, peak | 90.0 MiB | not measured |"))
    }

    @Test func passAtKStandsBesideTheScore() throws {
        var report = SampleReport.report
        report.runs[0].accuracy.passAtK = [
            PassAtKRecord(k: 1, value: 0.158, ci95: [0.1, 0.2]), PassAtKRecord(k: 10, value: 0.41, ci95: [0.3, 0.5]),
        ]
        let text = MarkdownReport().text(report)
        #expect(text.contains("95 % interval 5.5 % to 37.6 %; pass@10 41.0 %);"))
        let accuracy = section("### Accuracy", of: text)
        #expect(accuracy.contains("| bf16 | **15.8 %** | 5.5 % to 37.6 % | 41.0 % (30.0 % to 50.0 %) | 3 | 19 |"))
        #expect(TerminalSummary.render(report).contains("pass@10"))
        let page = try HTMLReport().text(report)
        #expect(page.contains("<p>pass@10 41.0 %</p>") && page.contains("<td>41.0 % (30.0 % to 50.0 %)</td>"))
    }

    @Test func agreementIsCounted() {
        var report = SampleReport.report
        report.comparisons = []
        #expect(
            MarkdownReport().text(report).contains(
                "**bf16 and fp16** gave identical completions on 15 of 19 problems. Passed by both: 2, by bf16 alone: 1, "
                    + "by fp16 alone: 2, by neither: 14. Verdicts differ on 3: `HumanEval/2` (passed, failed), "
                    + "`HumanEval/6` (failed, passed), `HumanEval/13` (failed, passed)."))
    }

    @Test func dtypesAreCompared() {
        let part = section("### Dtypes compared", of: text).joined(separator: "\n")
        #expect(part.contains("- bf16 and fp16 differ on 3 of 19 problems: 1 passed by bf16 alone, 2 by fp16 alone"))
        #expect(part.contains("| bf16, fp16 | 2 | 1 | 2 | 14 | 1 | +5.3 ("))
        #expect(text.contains("98.40 %") && text.contains("#### Along the tokens of bf16"))
        #expect(text.contains("`␣a` → <code>&#124;b&#96;</code>") && text.contains("0.125 / 0.0625 / 0.125 | yes |"))
        for chart in ["first-divergence", "kl-over-position", "error-over-layer"] {
            #expect(text.contains("](charts/\(chart).svg)"))
        }
    }

    @Test func whatQualifiesTheNumbersIsSaid() {
        #expect(text.contains("> - humaneval, bf16: 1 of 20 not scored"))
        #expect(!text.contains("without isolation") && !text.contains("busy") && !text.contains("resumed"))
        var report = SampleReport.report
        report.runs[0].isolation.level = "L0"
        report.runs[1].throughput!.generatedTokens! -= 100
        report.host.loadAverage = 1.9
        let notes = MarkdownReport().text(report)
        #expect(notes.contains("> - humaneval, bf16: the tests ran without isolation"))
        #expect(notes.contains("> - humaneval, fp16: throughput covers 1,619 of 1,719 generated tokens"))
        #expect(notes.contains("> - the machine was busy when the run began (load 1.9 on 2 cores)"))
    }

    /// Details come from the code under test. None may leave its cell, mark anything up or become HTML.
    @Test func failuresAreListedAndHarmless() throws {
        let failures = section("## Failures", of: text)
        let rows = failures.filter { $0.hasPrefix("| `HumanEval/") }
        #expect(rows.count == 17 + 16)
        for row in rows {
            // A cell ends at a pipe, in code spans too.
            #expect(row.count { $0 == "|" } == 6, "\(row)")
        }
        #expect(failures.contains { $0.hasPrefix("**bf16**: failed 13 (AssertionError 8, ") })
        let outside = rows.joined().replacingOccurrences(of: "`[^`]*`", with: "", options: .regularExpression)
        #expect(!outside.contains("<script>") && !outside.contains("<b>"))
        #expect(outside.contains("&#60;b&#62;0.66&#60;/b&#62; &#38; more"))
    }

    @Test(arguments: [
        ("plain words", "`plain words`"), ("", "–"), ("  a\n\tb\u{7}\u{202E}c ", "`a bc`"),
        ("a`b", "<code>a&#96;b</code>"), ("x|y", "<code>x&#124;y</code>"), ("a\\", "`a\\`"),
        ("`http://a www.b", "<code>&#96;http:&#47;/a www&#46;b</code>"),
        ("`a_b __c__", "<code>&#96;a_b &#95;&#95;c_&#95;</code>"),
        ("`<i>|", "<code>&#96;&#60;i&#62;&#124;</code>"), ("<b>", "`<b>`"),
    ])
    func codeHoldsAnything(text: String, expected: String) {
        #expect(Markdown.code(text) == expected)
    }

    @Test func longTextIsCut() {
        #expect(Markdown.code(String(repeating: "é", count: 300), limit: 10) == "`ééééééééé…`")
    }

    @Test func fencesOutlastTheirContent() {
        #expect(Markdown.block("a") == "```\na\n```")
        #expect(Markdown.block("```\nb\n````").hasPrefix("`````\n"))
    }

    @Test func theCommandCanBePasted() {
        #expect(
            section("## How to repeat it", of: text).contains(
                "yuanbench eval --model 'models/SmolLM2 135M/model.gguf' --dataset humaneval --limit 20 --dtype bf16,fp16"
            ))
        #expect(ShellWord.quoted("it's") == #"'it'\''s'"#)
        #expect(ShellWord.quoted("") == "''")
        #expect(ShellWord.quoted("$(reboot)") == "'$(reboot)'")
        #expect(ShellWord.quoted("ö") == "'ö'")
    }

    @Test func whatScoreMakesHasNoSpeed() {
        var report = SampleReport.report
        var run = report.runs[0]
        run.throughput = nil
        run.memory = nil
        run.settings.dtype = nil
        run.problems = []
        run.accuracy = AccuracyRecord(metric: "pass@1", records: [])
        report.runs = [run]
        report.command = []
        let text = MarkdownReport().text(report)
        #expect(text.contains("(20 problems): nothing could be scored."))
        #expect(text.contains("Not measured: the completions were made elsewhere."))
        #expect(text.contains("The command line was not recorded."))
        #expect(text.contains("## Failures\n\nNone."))
    }

    @Test func severalDataSetsHaveTheirOwnSections() {
        var report = SampleReport.report
        var other = report.runs[0]
        other.dataset.name = "mbpp"
        other.dataset.sha256 = "11"
        report.runs.append(other)
        let text = MarkdownReport().text(report)
        #expect(text.contains("## `SmolLM2-135M-Instruct on humaneval, completion`"))
        #expect(text.contains("## `SmolLM2-135M-Instruct on mbpp, completion`"))
        #expect(text.components(separatedBy: "### Accuracy").count == 3)
    }

    @Test func formatsAreFoundByName() throws {
        #expect(ReportFormats.named("json")?.fileName == "report.json")
        let markdown = try #require(ReportFormats.named("markdown"))
        #expect(try markdown.render(SampleReport.report) == Data(text.utf8))
        #expect(ReportFormats.named("pdf") == nil)
        #expect(Set(ReportFormats.all.map(\.name)).count == ReportFormats.all.count)
    }
}
