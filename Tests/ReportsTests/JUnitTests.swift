import Foundation
import RunRecords
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct JUnitTests {
    /// The rules of the JUnit schema that Jenkins' xUnit plugin publishes (junit-10.xsd), as far as this format goes: for
    /// each element its required and optional attributes, the whole-number ones, and the children in their order.
    private static let rules: [String: (required: Set<String>, optional: Set<String>, children: [String])] = [
        "testsuites": (["name"], ["time", "tests", "failures", "disabled", "errors"], ["testsuite"]),
        "testsuite": (
            ["name", "tests"],
            ["failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id", "package"],
            ["properties", "testcase", "system-out", "system-err"]
        ),
        "testcase": (
            ["name"], ["classname", "time", "status", "assertions"],
            ["skipped", "error", "failure", "system-out", "system-err"]
        ),
        "failure": ([], ["message", "type"], []), "skipped": ([], ["message"], []), "system-out": ([], [], []),
    ]
    private static let whole: Set<String> = ["tests", "failures", "errors", "skipped", "disabled", "id"]

    private func complaints(_ element: XMLElement) -> [String] {
        let name = element.name ?? ""
        guard let rule = Self.rules[name] else { return ["<\(name)> is not allowed"] }
        let attributes = Dictionary(
            uniqueKeysWithValues: (element.attributes ?? []).map { ($0.name ?? "", $0.stringValue ?? "") })
        var found = rule.required.subtracting(attributes.keys).map { "\(name) lacks \($0)" }
        found += Set(attributes.keys).subtracting(rule.required.union(rule.optional)).map { "\(name) has \($0)" }
        for (key, value) in attributes {
            if Self.whole.contains(key), Int(value) ?? -1 < 0 { found.append("\(name).\(key) is \(value)") }
            if key == "time", Double(value) ?? -1 < 0 { found.append("\(name).time is \(value)") }
        }
        let children = (element.children ?? []).compactMap { $0 as? XMLElement }
        let places = children.map { rule.children.firstIndex(of: $0.name ?? "") }
        if places.contains(nil) { found.append("\(name) has a child it must not have") }
        if places.compactMap({ $0 }) != places.compactMap({ $0 }).sorted() {
            found.append("\(name): order of children")
        }
        func count(_ child: String) -> Int {
            name == "testsuite" ? children.count { !$0.elements(forName: child).isEmpty } : 0
        }
        if name == "testsuite" {
            if Int(attributes["tests"] ?? "") != children.count { found.append("tests is not their number") }
            if Int(attributes["failures"] ?? "") != count("failure") { found.append("failures is not their number") }
            if Int(attributes["skipped"] ?? "") != count("skipped") { found.append("skipped is not their number") }
        }
        return found + children.flatMap(complaints)
    }

    private func root(_ report: Report) throws -> XMLElement {
        try #require(try XMLDocument(data: JUnitReport().render(report)).rootElement())
    }

    @Test func reportsAreValid() throws {
        let root = try root(SampleReport.report)
        #expect(complaints(root) == [])
        #expect(root.attribute(forName: "tests")?.stringValue == "40")
        let suite = try #require(root.elements(forName: "testsuite").first)
        let cases = suite.elements(forName: "testcase")
        #expect(cases.count == 20)
        #expect(
            cases[1].elements(forName: "failure").first?.attribute(forName: "message")?.stringValue?
                .contains("separate_paren_groups('( ) (( ))')") == true)
        #expect(cases[19].elements(forName: "skipped").count == 1)
        // The validator can fail.
        suite.addAttribute(try #require(XMLNode.attribute(withName: "color", stringValue: "red") as? XMLNode))
        #expect(complaints(root) == ["testsuite has color"])
    }

    /// Whatever a model writes, the file stays XML and says the same.
    @Test func anyTextIsHeld() throws {
        var report = SampleReport.report
        let wild = "]]> <a b=\"c\"> & \u{0}\u{1B}[31m\u{FFFE} \u{1F600} é\r\n\tend"
        report.runs[0].problems[1].detail = wild
        report.runs[0].problems[1].completion = wild
        report.runs[0].problems[1].id = wild
        let root = try root(report)
        #expect(complaints(root) == [])
        let one = root.elements(forName: "testsuite")[0].elements(forName: "testcase")[1]
        let readable = wild.unicodeScalars.map { [0, 0x1B, 0xFFFE].contains($0.value) ? "\u{FFFD}" : String($0) }
            .joined()
        #expect(one.attribute(forName: "name")?.stringValue == readable)
        #expect(one.elements(forName: "failure").first?.stringValue == readable)
    }

    /// Against a baseline only what it passed can fail.
    @Test func failuresAgainstABaselineAreLosses() throws {
        var report = SampleReport.report
        let pairs = PairedRuns(report.runs[1], report.runs[0])
        report.comparisons = [ComparisonRecord(kind: "baseline", pairs, labels: ("baseline fp16", "new bf16"))]
        report.runs.removeLast()
        let root = try root(report)
        #expect(complaints(root) == [])
        let failed = root.elements(forName: "testsuite")[0].elements(forName: "testcase").filter {
            !$0.elements(forName: "failure").isEmpty
        }
        #expect(failed.compactMap { $0.attribute(forName: "name")?.stringValue } == ["HumanEval/6", "HumanEval/13"])
    }

    @Test func annotationsEscapeWhatTheRunnerReads() {
        #expect(
            GitHubAnnotationsReport.command("error", title: "a: b, 5 %", "x: y,\r\n10 %")
                == "::error title=a%3A b%2C 5 %25::x: y,%0D%0A10 %25")
        let text = String(decoding: GitHubAnnotationsReport().render(SampleReport.report), as: UTF8.self)
        #expect(text.split(separator: "\n").count == 2 && text.hasPrefix("::notice title=YuanBench%3A humaneval"))
    }

    @Test func benchmarkActionEntries() throws {
        let data = try BenchmarkActionReport().render(SampleReport.report)
        let entries = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        #expect(entries.count == 6)
        #expect(entries.allSatisfy { $0["name"] is String && $0["unit"] is String && $0["value"] is Double })
        #expect(entries[1]["value"] as? Double == 148.2)
        #expect(entries[0]["unit"] as? String == "%")
    }

    @Test func diffsShowWhatWentAndCame() {
        #expect(CompletionDiff.lines("a\nb\nc", "a\nx\nc\nd") == [" a", "-b", "+x", " c", "+d"])
        #expect(CompletionDiff.lines("same", "same") == [" same"])
        #expect(CompletionDiff.lines("", "x") == ["-", "+x"])
        let long = Array(repeating: "x", count: 500).joined(separator: "\n")
        #expect(CompletionDiff.lines(long, long).count == 201)
    }
}
