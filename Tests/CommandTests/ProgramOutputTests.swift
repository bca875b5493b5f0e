import Foundation
import RunRecords
import Testing

/// Whole programs judged by what they print: from a file of problems to verdicts.
struct ProgramOutputTests {
    private let problems = """
        {"id": "sum", "prompt": "Print the sum of the numbers.", "solution": "print(sum(map(int, input().split())))", "cases": [{"input": "1 2\\n", "output": "3\\n"}, {"input": "5 -7\\n", "output": "-2"}]}
        {"id": "echo", "prompt": "Print every line twice.", "solution": "import sys\\nfor line in sys.stdin:\\n    print(line, end='')\\n    print(line, end='')", "cases": [{"input": "a\\nb\\n", "output": "a\\na\\nb\\nb\\n"}]}

        """
    private let samples = #"""
        {"task_id": "sum", "completion": "print(sum(map(int, input().split())))"}
        {"task_id": "sum", "completion": "print(3)"}
        {"task_id": "echo", "completion": "import sys\nprint(''.join(l + l for l in sys.stdin), end='')"}
        {"task_id": "echo", "completion": "import os\nos._exit(0)"}

        """#

    @Test func referencesPassAndSamplesAreJudgedByTheirOutput() throws {
        let folder = try Folder()
        try problems.write(toFile: folder.url.path + "/sums.jsonl", atomically: true, encoding: .utf8)
        try samples.write(toFile: folder.url.path + "/samples.jsonl", atomically: true, encoding: .utf8)
        let verified = try Command.run(["dataset", "verify", "sums.jsonl"], in: folder.url)
        #expect(verified.status == 0 && verified.out.contains("2"), "\(verified.out)\(verified.err)")
        let scored = try Command.run(
            ["score", "samples.jsonl", "--dataset", "sums.jsonl", "--output", "run", "--json"], in: folder.url)
        #expect(scored.status == 0, "\(scored.err)")
        let report = try ReportCoding.decode(Data(scored.out.utf8), name: "stdout")
        let records = report.runs[0].problems
        #expect(records.map(\.verdict) == ["passed", "failed", "passed", "failed"], "\(records.map(\.detail))")
        #expect(records.allSatisfy { $0.verdictIntegrity == "compare-outside" })
        // The second case tells the fixed answer from the right one.
        #expect(records[1].detail.hasPrefix("case 2 of 2: "))
    }

    @Test func aRowWithoutCasesIsNamed() throws {
        let folder = try Folder()
        try #"{"id": "a", "prompt": "p", "cases": []}"#.write(
            toFile: folder.url.path + "/odd.jsonl", atomically: true, encoding: .utf8)
        let run = try Command.run(["dataset", "verify", "odd.jsonl"], in: folder.url)
        #expect(run.status == 65 && run.err.contains("odd.jsonl:1") && run.err.contains("cases"), "\(run.err)")
    }
}
