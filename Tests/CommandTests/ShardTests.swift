import Foundation
import RunRecords
import TestSupport
import Testing

@testable import yuanbench

/// Parts of one evaluation, joined again.
struct ShardTests {
    private func arguments(output: String) -> [String] {
        [
            "eval", "--model", Tiny.yuan, "--dataset", "yuanbench-exact", "--dtype", "bf16,fp32", "--limit", "7",
            "--max-new-tokens", "12", "--batch-size", "4", "--prompt", "completion", "--output", output, "--quiet",
        ]
    }

    private func report(_ folder: URL) throws -> Report {
        try ReportCoding.decode(Data(contentsOf: folder.appendingPathComponent("report.json")))
    }

    /// A report without what was measured.
    private func answers(_ report: Report) throws -> Data {
        var report = report
        report.createdAt = ""
        report.command = []
        report.host.loadAverage = nil
        report.comparisons = []
        for run in report.runs.indices {
            report.runs[run].throughput = nil
            report.runs[run].memory = nil
            report.runs[run].shards = nil
            for problem in report.runs[run].problems.indices {
                report.runs[run].problems[problem].ttftS = nil
                report.runs[run].problems[problem].generationS = nil
                report.runs[run].problems[problem].testCpuS = nil
            }
        }
        return try ReportCoding.encode(report)
    }

    @Test func shardsJoinToTheUndividedReport() throws {
        let folder = try Folder()
        #expect(try Command.run(arguments(output: "whole"), in: folder.url).status == 0)
        for index in 1...3 {
            // As a cluster starts them: 1 and 2 by array, 3 by name.
            let process = Command.process(
                arguments(output: "part-\(index)") + ["--shard", index < 3 ? "auto" : "3/3"], in: folder.url)
            if index < 3 {
                let slurm = ["ID": "\(2 * index + 2)", "MIN": "4", "MAX": "8", "STEP": "2", "COUNT": "3"]
                for (name, value) in slurm { process.environment?["SLURM_ARRAY_TASK_\(name)"] = value }
            }
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        #expect(try report(folder.url.appendingPathComponent("part-2")).runs[0].problems.count == 2)
        let gap = try Command.run(["merge", "part-1", "part-3", "--output", "joined"], in: folder.url)
        #expect(gap.status == 65 && gap.err.contains("1 of 3 shards missing: 2/3"), "\(gap.err)")
        let all = ["merge", "part-3", "part-1", "part-2", "--output", "joined", "--json"]
        let joined = try Command.run(all, in: folder.url)
        #expect(joined.status == 0, "\(joined.err)")
        let merged = try report(folder.url.appendingPathComponent("joined"))
        #expect(try answers(merged) == answers(report(folder.url.appendingPathComponent("whole"))))
        #expect(try ReportCoding.decode(Data(joined.out.utf8)) == merged)
        #expect(
            merged.runs[0].throughput?.generatedTokens
                == merged.runs[0].problems.compactMap(\.generatedTokens).reduce(0, +))
        #expect(try Command.run(all, in: folder.url).status == 65)

        // Another shard is another run.
        let other = try Command.run(
            arguments(output: "part-1") + ["--shard", "2/3", "--resume"], in: folder.url)
        #expect(other.status == 65 && other.err.contains("shard is 2/3 and was 1/3"), "\(other.err)")
    }

    @Test func numbersOfClusters() throws {
        func resolve(_ argument: String, _ environment: [String: String]) throws -> [Int] {
            let shard = try #require(ShardArgument(argument: argument)).resolved(environment: environment)
            return [shard.index, shard.count]
        }
        func array(_ id: Int, _ least: Int, _ last: Int, _ count: Int, step: Int? = nil) -> [String: String] {
            var environment = [
                "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(least)", "SLURM_ARRAY_TASK_MAX": "\(last)",
                "SLURM_ARRAY_TASK_COUNT": "\(count)",
            ]
            if let step { environment["SLURM_ARRAY_TASK_STEP"] = "\(step)" }
            return environment
        }
        #expect(try resolve("2/4", [:]) == [2, 4])
        #expect(try resolve("auto", array(1, 1, 8, 8)) == [1, 8])
        #expect(try resolve("auto", array(7, 0, 7, 8)) == [8, 8])
        #expect(try resolve("auto", array(10, 0, 10, 3, step: 5)) == [3, 3])
        #expect(try resolve("auto", ["JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "4"]) == [1, 4])
        #expect(try resolve("auto/4", ["JOB_COMPLETION_INDEX": "3"]) == [4, 4])
        for argument in [
            "0/4", "5/4", "1/0", "-1/4", "1", "a/b", "auto/0", "auto/1/2", "1/4/2", "", "1/99999999999999999999",
        ] {
            #expect(ShardArgument(argument: argument) == nil, "\(argument)")
        }
        for environment in [
            [:], ["JOB_COMPLETION_INDEX": "4", "JOB_COMPLETIONS": "4"], ["JOB_COMPLETION_INDEX": "1"],
            ["JOB_COMPLETION_INDEX": "-1", "JOB_COMPLETIONS": "4"], array(7, 1, 7, 3), array(3, 1, 7, 3),
            ["SLURM_ARRAY_TASK_ID": "1"], ["SLURM_ARRAY_TASK_ID": "x", "SLURM_ARRAY_TASK_COUNT": "2"],
        ] {
            #expect(throws: Failure.self, "\(environment)") { _ = try resolve("auto", environment) }
        }
    }

    @Test func moreShardsThanProblems() throws {
        let folder = try Folder()
        let run = try Command.run(arguments(output: "run") + ["--shard", "8/8"], in: folder.url)
        #expect(run.status == 65 && run.err.contains("7 selected problems"), "\(run.err)")
        #expect(try Command.run(arguments(output: "run") + ["--shard", "8/7"], in: folder.url).status == 64)
    }
}
