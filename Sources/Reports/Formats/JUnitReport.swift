import Foundation
import RunRecords

/// JUnit XML: a suite for each run and a test case for each problem, as Jenkins, GitLab and GitHub actions read it.
///
/// Where the report holds a comparison against a baseline, only what the baseline passed can fail; otherwise every
/// problem that did not pass fails. What was not scored is skipped.
package struct JUnitReport: ReportFormat {
    package let name = "junit"
    package let fileName = "junit.xml"
    package let isOnRequest = true

    package init() {}

    package func render(_ report: Report) -> Data {
        let suites = report.runs.map { Suite($0, baseline: Self.baseline(of: $0, in: report)) }
        var xml = XMLText()
        xml.open(
            "testsuites",
            [
                ("name", "yuanbench"), ("tests", "\(suites.reduce(0) { $0 + $1.cases.count })"),
                ("failures", "\(suites.reduce(0) { $0 + $1.failures })"), ("errors", "0"),
            ])
        for (index, suite) in suites.enumerated() { suite.write(to: &xml, id: index, timestamp: report.createdAt) }
        xml.close("testsuites")
        return Data(xml.text.utf8)
    }

    private static func baseline(of run: RunReport, in report: Report) -> ComparisonRecord? {
        report.comparisons.first {
            $0.kind == "baseline" && $0.datasetSha256 == run.dataset.sha256 && $0.prompt == run.settings.prompt
                && $0.b.hasSuffix(" " + run.label)
        }
    }
}

private struct Suite {
    enum Outcome {
        case passed(note: String)
        case failed(type: String, message: String)
        case skipped(message: String)
    }

    let run: RunReport
    let cases: [(record: ProblemRecord, outcome: Outcome)]

    init(_ run: RunReport, baseline: ComparisonRecord?) {
        self.run = run
        var earlier: [String: PairRecord] = [:]
        for pair in baseline?.byProblem ?? [] { earlier["\(pair.sample)/\(pair.id)"] = pair }
        cases = run.problems.map { record in
            (record, Self.outcome(record, earlier["\(record.sample)/\(record.id)"], hasBaseline: baseline != nil))
        }
    }

    private static func outcome(_ record: ProblemRecord, _ earlier: PairRecord?, hasBaseline: Bool) -> Outcome {
        if Verdicts.unscored.contains(record.verdict) {
            return .skipped(message: "not scored: \(record.verdict) \(record.detail)")
        }
        if record.verdict == Verdicts.passed { return .passed(note: "") }
        guard hasBaseline else { return .failed(type: record.verdict, message: record.detail) }
        guard let earlier else { return .skipped(message: "no score in the baseline; now \(record.verdict)") }
        if earlier.verdictA == Verdicts.passed {
            return .failed(
                type: record.verdict, message: "passed in the baseline, now \(record.verdict): \(record.detail)")
        }
        return .passed(note: "not passed, and not in the baseline either: \(record.verdict) \(record.detail)")
    }

    var failures: Int {
        cases.count { if case .failed = $0.outcome { true } else { false } }
    }
    private var skipped: Int {
        cases.count { if case .skipped = $0.outcome { true } else { false } }
    }

    func write(to xml: inout XMLText, id: Int, timestamp: String) {
        let title = "\(run.model.name) \(run.dataset.name) \(run.settings.prompt) \(run.label)"
        xml.open(
            "testsuite",
            [
                ("name", title), ("tests", "\(cases.count)"), ("failures", "\(failures)"), ("errors", "0"),
                ("skipped", "\(skipped)"), ("time", seconds(cases.reduce(0) { $0 + time($1.record) })),
                ("timestamp", timestamp), ("id", "\(id)"),
            ])
        for (record, outcome) in cases {
            let name = record.id + (record.sample > 0 ? " sample \(record.sample)" : "")
            xml.open(
                "testcase",
                [
                    ("name", name), ("classname", "\(run.dataset.name).\(run.label)"), ("time", seconds(time(record))),
                ])
            switch outcome {
            case .passed(let note): if !note.isEmpty { xml.element("system-out", [], note) }
            case .failed(let type, let message):
                xml.element("failure", [("message", message), ("type", type)], record.completion)
            case .skipped(let message): xml.element("skipped", [("message", message)], "")
            }
            xml.close("testcase")
        }
        xml.close("testsuite")
    }

    /// Generation and tests.
    private func time(_ record: ProblemRecord) -> Double { (record.generationS ?? 0) + (record.testCpuS ?? 0) }
    private func seconds(_ value: Double) -> String { String(format: "%.3f", value) }
}
