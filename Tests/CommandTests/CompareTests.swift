import Foundation
import RunRecords
import TestSupport
import Testing

/// `compare`, `eval --baseline`, `verify` and `precision` as a user runs them.
struct CompareTests {
    private struct Reports {
        let folder: Folder
        let base: String

        /// A report of 164 problems, and one with some of its passes turned into failures.
        init() throws {
            folder = try Folder()
            let problems = (0..<164).map { index in
                ProblemRecord(
                    id: "p/\(index)", verdict: index < 100 ? "passed" : "failed", detail: "", extracted: "",
                    completion: "def f\(index)():\n    return \(index)\n", extraction: "none")
            }
            base = try folder.write(Self.text(problems), to: "base.json")
        }

        func flipped(_ count: Int) throws -> String {
            var report = try ReportCoding.decode(Data(contentsOf: URL(fileURLWithPath: base)))
            var problems = report.runs[0].problems
            for index in 0..<count {
                problems[index].verdict = "failed"
                problems[index].completion = "def f\(index)():\n    return <wrong> & \"\(index)\"\n"
            }
            report.runs[0].problems = problems
            report.runs[0].accuracy = AccuracyRecord(metric: "pass@1", records: problems)
            return try folder.write(
                String(decoding: ReportCoding.encode(report), as: UTF8.self), to: "flipped-\(count).json")
        }

        private static func text(_ problems: [ProblemRecord]) throws -> String {
            let run = RunReport(
                model: ModelRecord(name: "m"),
                dataset: DatasetRecord(name: "d", version: nil, problems: problems.count, sha256: "aa"),
                settings: SettingsRecord(
                    dtype: "bf16", decoding: "greedy", prompt: "chat", extraction: "none", maxNewTokens: 9,
                    batchSize: 1, threads: 1, kernels: "auto", stop: []),
                accuracy: AccuracyRecord(metric: "pass@1", records: problems), throughput: nil, memory: nil,
                isolation: IsolationRecord(level: "L2", description: "", interpreters: [:]), problems: problems)
            let host = HostRecord(
                cpu: "c", logicalCores: 1, features: [], memoryBytes: 1, os: "", kernel: "",
                blas: BLASRecord(library: "", version: "", core: "", threads: 1), kernels: "")
            let report = Report(
                tool: ToolRecord(name: "yuanbench", version: "1", build: ""), createdAt: "2026-01-02T03:04:05Z",
                command: [], host: host, runs: [run])
            return String(decoding: try ReportCoding.encode(report), as: UTF8.self)
        }
    }

    @Test func theGateEndsInItsExitCodes() throws {
        let reports = try Reports()
        let folder = reports.folder.url
        func status(_ b: String, _ options: [String] = []) throws -> Int32 {
            try Command.run(["compare", reports.base, b] + options, in: folder).status
        }
        #expect(try status(reports.base) == 0)
        #expect(try status(reports.base, ["--strict"]) == 0)
        #expect(try status(reports.flipped(12)) == 1)
        #expect(try status(reports.flipped(3)) == 0)
        let strict = try Command.run(["compare", reports.base, reports.flipped(3), "--strict"], in: folder)
        #expect(strict.status == 2)
        #expect(strict.out.contains("does not rule out a loss beyond -2.0 points"))
        #expect(try status(reports.flipped(3), ["--min-effect", "0.02"]) == 2)
        #expect(try status(reports.flipped(3), ["--strict", "--min-effect", "0.1"]) == 64)
        #expect(try status(reports.flipped(3), ["--fail-on", "looks"]) == 64)
        #expect(try status("nowhere.json") == 65)
        // An improvement is no regression.
        #expect(try Command.run(["compare", reports.flipped(12), reports.base], in: folder).status == 0)
    }

    @Test func otherDataAndVersionsAreRefused() throws {
        let reports = try Reports()
        let text = try String(contentsOfFile: reports.base, encoding: .utf8)
        let other = try reports.folder.write(
            text.replacingOccurrences(of: #""sha256" : "aa""#, with: #""sha256" : "bb""#), to: "other.json")
        let run = try Command.run(["compare", reports.base, other], in: reports.folder.url)
        #expect(run.status == 65 && run.err.contains("aa") && run.err.contains("bb"), "\(run.err)")
        let newer = try reports.folder.write(
            text.replacingOccurrences(of: #""schema_version" : 1"#, with: #""schema_version" : 9"#), to: "newer.json")
        let refused = try Command.run(["compare", reports.base, newer], in: reports.folder.url)
        #expect(refused.status == 65 && refused.err.contains("schema_version is 9"), "\(refused.err)")
    }

    @Test func everyFormIsWrittenAndTheSummaryAppended() throws {
        let reports = try Reports()
        let folder = reports.folder.url
        let process = Command.process(
            ["compare", reports.base, try reports.flipped(12), "--output", "out", "--json"], in: folder)
        var environment = process.environment ?? [:]
        environment["GITHUB_STEP_SUMMARY"] = folder.appendingPathComponent("summary.md").path
        environment["GITHUB_ACTIONS"] = "true"
        process.environment = environment
        let (out, err) = (folder.appendingPathComponent("o"), folder.appendingPathComponent("e"))
        for url in [out, err, folder.appendingPathComponent("summary.md")] { try Data("before\n".utf8).write(to: url) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: out)) as? [String: Any])
        #expect(json["exit_code"] as? Int == 1 && json["outcome"] as? String == "regression")
        #expect(try String(contentsOf: err, encoding: .utf8).contains("::error title=YuanBench%3A accuracy worse"))
        let summary = try String(contentsOf: folder.appendingPathComponent("summary.md"), encoding: .utf8)
        #expect(summary.hasPrefix("before\n# YuanBench: ❌ regression"))
        #expect(summary.contains("-    return 0\n+    return <wrong> & \"0\""))
        for name in ["comparison.md", "comparison.json", "junit.xml", "benchmark.json", "annotations.txt"] {
            #expect(
                FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/\(name)").path), "\(name)")
        }
    }

    /// One report of a tiny model in three dtypes; then everything that reads it.
    @Test func precisionAndWhatFollows() throws {
        let folder = try Folder()
        let run = try Command.run(
            [
                "precision", "--model", Tiny.yuan, "--dataset", "yuanbench-exact", "--limit", "8", "--max-new-tokens",
                "40", "--prompt", "completion", "--output", "run", "--quiet",
            ], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let file = folder.url.appendingPathComponent("run/report.json")
        let report = try ReportCoding.decode(Data(contentsOf: file), name: "report.json")
        #expect(report.runs.map(\.settings.dtype) == ["fp32", "bf16", "fp16"])
        #expect(report.comparisons.map { [$0.a, $0.b] } == [["fp32", "bf16"], ["fp32", "fp16"], ["bf16", "fp16"]])
        for comparison in report.comparisons {
            let forced = try #require(comparison.forced)
            #expect(comparison.reference == "fp32" && forced.path == "fp32")
            #expect(forced.positions == report.runs[0].problems.reduce(0) { $0 + ($1.generatedTokens ?? 0) })
            #expect(try #require(comparison.meanKl) > 0)
            #expect(forced.layers.count == 4 && forced.nonFinitePositions == 0)
            #expect(comparison.byProblem.count == 8)
            for entry in comparison.byProblem where !entry.identical {
                let divergence = try #require(entry.divergence)
                #expect(divergence.tokenA != divergence.tokenB && divergence.marginReference != nil)
            }
            // The reference chooses its own path again: the forced pass has the bits of the run.
            if comparison.a == "fp32" { #expect(forced.a.pathAgreement == 1) }
            #expect(comparison.conclusion.hasPrefix(comparison.a))
        }

        let verified = try Command.run(["verify", "run", "--rescore"], in: folder.url)
        #expect(verified.status == 0, "\(verified.out)\(verified.err)")
        let original = try String(contentsOf: file, encoding: .utf8)
        for (key, value) in [
            ("passed", "17"), ("mcnemar_p", "0.5"), ("generated_tokens", "41"), ("mean_kl", "0.25"), ("total", "9"),
        ] {
            let pattern = try Regex("\"\(key)\" : [-0-9.e]+")
            let edited = original.replacing(pattern, with: "\"\(key)\" : \(value)", maxReplacements: 1)
            try #require(edited != original)
            try Data(edited.utf8).write(to: file)
            let run = try Command.run(["verify", "run"], in: folder.url)
            // The first mean_kl is that of one bin: what does not follow is the mean over all.
            let named = key == "mean_kl" ? "kl.mean is" : "\(key) is \(value)"
            #expect(run.status == 65 && run.out.contains(named), "\(key): \(run.out)")
        }
        try Data(original.utf8).write(to: file)

        let gate = try Command.run(
            [
                "eval", "--model", Tiny.yuan, "--dataset", "yuanbench-exact", "--limit", "8", "--max-new-tokens", "40",
                "--prompt", "completion", "--dtype", "bf16", "--output", "again", "--baseline", "run", "--strict",
                "--quiet",
            ], in: folder.url)
        #expect(gate.status == 0, "\(gate.out)\(gate.err)")
        #expect(gate.out.contains("verdict: no regression"))
        let again = try ReportCoding.decode(
            Data(contentsOf: folder.url.appendingPathComponent("again/report.json")), name: "again")
        #expect(again.comparisons.map(\.kind) == ["baseline"])
        #expect(again.comparisons[0].identicalCompletions == 8)
        let other = try Command.run(
            [
                "eval", "--model", Tiny.yuan, "--dataset", "yuanbench-exact", "--limit", "7", "--prompt", "completion",
                "--dtype", "bf16", "--output", "other", "--baseline", "run", "--quiet",
            ], in: folder.url)
        #expect(other.status == 65 && other.err.contains("is not the same"), "\(other.err)")
    }

    /// Models without a tokenizer; and margins are those that generation itself saw.
    @Test(arguments: ["llama-tiny", "qwen2-tiny", "yuan-tiny"])
    func precisionOnTokenIds(folderName: String) throws {
        let folder = try Folder()
        let model = Fixtures.url("golden/\(folderName)").path
        let run = try Command.run(
            [
                "precision", "--model", model, "--prompt-ids", "5,17,42,130", "--random-prompts", "3x20",
                "--max-new-tokens", "60", "--output", "run", "--quiet",
            ], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let report = try ReportCoding.decode(
            Data(contentsOf: folder.url.appendingPathComponent("run/report.json")), name: "report.json")
        #expect(report.runs.allSatisfy { $0.problems.count == 4 && $0.accuracy.total == 0 })
        for comparison in report.comparisons {
            let entry = comparison.byProblem[0]
            guard let step = entry.firstDivergence, let divergence = entry.divergence else { continue }
            for (dtype, margin, token) in [
                (comparison.a, divergence.marginA, divergence.tokenA),
                (comparison.b, divergence.marginB, divergence.tokenB),
            ] {
                let generated = try Command.run(
                    [
                        "generate", "--model", model, "--prompt-ids", "5,17,42,130", "--dtype", dtype,
                        "--max-new-tokens", "60", "--tokens",
                    ], in: folder.url)
                let json = try #require(
                    try JSONSerialization.jsonObject(with: Data(generated.out.utf8)) as? [String: Any])
                let steps = try #require(json["steps"] as? [[String: Any]])
                let top = try #require(steps[step]["top"] as? [[Double]])
                #expect(Int(top[0][0]) == token)
                #expect(abs(top[0][1] - top[1][1] - (margin ?? -1)) < 1e-5)
            }
        }
        #expect(report.comparisons.contains { $0.byProblem.contains { !$0.identical } })
    }
}
