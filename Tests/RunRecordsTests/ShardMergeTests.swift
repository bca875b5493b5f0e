import Foundation
import RunRecords
import Testing

@Suite struct ShardMergeTests {
    /// A report of seven problems, of which every third passes.
    private let whole: Report = {
        let problems = (1...7).map { number in
            ProblemRecord(
                id: "p/\(number)", verdict: number.isMultiple(of: 3) ? "passed" : "failed", detail: "", extracted: "",
                completion: "c\(number)", extraction: "none", ttftS: Double(number))
        }
        let run = RunReport(
            model: ModelRecord(name: "m", sha256: "aa"),
            dataset: DatasetRecord(name: "set", version: "1", problems: 7, sha256: "bb"),
            settings: SettingsRecord(
                dtype: "bf16", decoding: "greedy", prompt: "completion", extraction: "none", maxNewTokens: 8,
                batchSize: 4, threads: 2, kernels: "auto", stop: ["\n"]),
            accuracy: AccuracyRecord(metric: "pass@1", records: problems), throughput: nil, memory: nil,
            isolation: IsolationRecord(level: "L2", description: "", interpreters: ["python3": "3.11"]),
            problems: problems)
        return Report(
            tool: ToolRecord(name: "yuanbench", version: "0", build: "x"), createdAt: "2026-01-02T03:04:05Z",
            command: ["yuanbench", "eval"],
            host: HostRecord(
                cpu: "c", logicalCores: 2, features: [], memoryBytes: 1, os: "o", kernel: "k",
                blas: BLASRecord(library: "OpenBLAS", version: "1", core: "Zen", threads: 2), kernels: "avx2"),
            runs: [run])
    }()

    private func shard(_ index: Int, of count: Int, change: (inout Report) -> Void = { _ in }) -> ShardMerge.Source {
        var report = whole
        report.runs[0].settings.shard = ShardRecord(index: index, count: count, problems: 7, sha256: "bb")
        report.runs[0].problems = stride(from: index - 1, to: 7, by: count).map { whole.runs[0].problems[$0] }
        report.runs[0].dataset = DatasetRecord(
            name: "set", version: "1", problems: report.runs[0].problems.count, sha256: "part \(index)")
        report.runs[0].accuracy = AccuracyRecord(metric: "pass@1", records: report.runs[0].problems)
        report.runs[0].throughput = ThroughputRecord(
            promptTokens: 10, generatedTokens: 5, prefillTokensPerS: 100, decodeTokensPerS: 20,
            generationWallS: Double(index), ttftS: nil, interTokenS: nil)
        report.runs[0].memory = MemoryRecord(peakRssBytes: 100 + index, weightsBytes: 50, kvCachePeakBytes: nil)
        change(&report)
        return ShardMerge.Source(name: "part-\(index)", report: report)
    }

    private func merge(_ sources: [ShardMerge.Source], mixedHosts: Bool = false) throws -> Report {
        try ShardMerge(sources, mixedHosts: mixedHosts).report(createdAt: whole.createdAt, command: whole.command)
    }

    /// Verdicts of two dtypes are paired again over all problems.
    @Test func dtypesAreCompared() throws {
        func twice(_ index: Int) -> ShardMerge.Source {
            shard(index, of: 2) { report in
                var other = report.runs[0]
                other.settings.dtype = "fp32"
                for place in other.problems.indices { other.problems[place].verdict = "passed" }
                report.runs.append(other)
            }
        }
        let comparisons = try merge([twice(1), twice(2)]).comparisons
        #expect(comparisons.count == 1)
        #expect(comparisons.first?.kind == "dtype" && comparisons.first?.problems == 7)
        #expect(comparisons.first?.onlyA == 5 && comparisons.first?.onlyB == 0 && comparisons.first?.bothPassed == 2)
    }

    @Test(arguments: 1...7) func joinedIsAsUndivided(count: Int) throws {
        var joined = try merge((1...count).reversed().map { shard($0, of: count) })
        let run = joined.runs[0]
        #expect(run.shards?.map(\.index) == Array(1...count))
        #expect(run.throughput?.generatedTokens == 5 * count && run.throughput?.generationWallS == Double(count))
        #expect(run.throughput?.decodeTokensPerS == nil && run.throughput?.prefillTokensPerS == nil)
        #expect(run.throughput?.ttftS?.p50 == 4)
        #expect(run.memory?.peakRssBytes == 100 + count)
        joined.runs[0].shards = nil
        joined.runs[0].throughput = nil
        joined.runs[0].memory = nil
        #expect(joined == whole)
        #expect(try ReportCoding.encode(joined) == ReportCoding.encode(whole))
    }

    @Test(arguments: 1...7) func samplesOfAProblemStayTogether(count: Int) throws {
        var whole = whole
        let sampling = SamplingRecord(temperature: 0.5, seed: 1, samples: 3)
        whole.runs[0].settings.sampling = sampling
        whole.runs[0].problems = whole.runs[0].problems.flatMap { record in
            (0..<3).map { sample in
                var one = record
                one.sample = sample
                if sample == 2 { one.verdict = "passed" }
                return one
            }
        }
        let all = whole.runs[0].problems
        whole.runs[0].accuracy = AccuracyRecord(metric: "pass@1", records: all, ks: [2, 3])
        let parts = (1...count).map { index in
            shard(index, of: count) { report in
                report.runs[0].settings.sampling = sampling
                report.runs[0].problems = stride(from: index - 1, to: 7, by: count).flatMap { all[$0 * 3..<$0 * 3 + 3] }
                report.runs[0].accuracy = AccuracyRecord(
                    metric: "pass@1", records: report.runs[0].problems, ks: [2, 3])
            }
        }
        let joined = try merge(parts)
        #expect(joined.runs[0].problems == all && joined.runs[0].accuracy == whole.runs[0].accuracy)
        #expect(joined.runs[0].accuracy.passAtK.map(\.k) == [2, 3])
        // One sample too few, or another number of them in all.
        if count > 1 {
            var short = parts
            short[0].report.runs[0].problems.removeLast()
            #expect(refusal(short).contains("do not hold the problems"))
            short = parts
            short[1].report.runs[0].settings.sampling?.samples = 1
            short[1].report.runs[0].problems.removeAll { $0.sample > 0 }
            #expect(refusal(short).contains("run 1 samples is 1 and 3"))
        }
    }

    private func refusal(_ sources: [ShardMerge.Source], mixedHosts: Bool = false) -> String {
        #expect(throws: ReportError.self) { _ = try merge(sources, mixedHosts: mixedHosts) }?.message ?? ""
    }

    @Test func gapsAndOverlapsAreNamed() {
        #expect(refusal([shard(1, of: 4), shard(3, of: 4)]).contains("2 of 4 shards missing: 2/4, 4/4"))
        let twice = refusal([shard(1, of: 2), shard(2, of: 2), shard(2, of: 2)])
        #expect(twice.contains("shard 2/2 is there twice, in part-2 and in part-2"))
        #expect(refusal([shard(1, of: 2), shard(2, of: 3)]).contains("shard 2/3 is not one of 2"))
        #expect(refusal([ShardMerge.Source(name: "r", report: whole)]).contains("r: not a shard"))
        let short = shard(2, of: 2) { $0.runs[0].problems.removeLast() }
        #expect(refusal([shard(1, of: 2), short]).contains("part-2: its runs do not hold the problems of shard 2/2"))
        let same = shard(2, of: 2) { $0.runs[0].problems[1].id = "p/1" }
        #expect(refusal([shard(1, of: 2), same]).contains("problem p/1 is in part-1 as well"))
        #expect(refusal([]).contains("missing"))
    }

    @Test func differencesAreNamed() throws {
        let changes: [(String, (inout Report) -> Void)] = [
            ("run 1 dtype is fp16 and bf16", { $0.runs[0].settings.dtype = "fp16" }),
            ("run 1 model is zz and aa", { $0.runs[0].model.sha256 = "zz" }),
            ("run 1 problems' sha256 is zz and bb", { $0.runs[0].settings.shard?.sha256 = "zz" }),
            ("run 1 max_new_tokens is 9 and 8", { $0.runs[0].settings.maxNewTokens = 9 }),
            ("run 1 isolation is L0 and L2", { $0.runs[0].isolation.level = "L0" }),
            ("tool is yuanbench 1 x and yuanbench 0 x", { $0.tool.version = "1" }),
            ("run 2 dtype is bf16 and absent", { $0.runs.append($0.runs[0]) }),
        ]
        for (words, change) in changes {
            let message = refusal([shard(1, of: 2), shard(2, of: 2, change: change)])
            #expect(message.contains(words), "\(message)")
            #expect(!message.contains("--mixed-hosts"))
        }
        let other = shard(2, of: 2) { $0.host.kernels = "avx512" }
        #expect(refusal([shard(1, of: 2), other]).contains("host kernels is avx512 and avx2"))
        #expect(refusal([shard(1, of: 2), other]).contains("--mixed-hosts"))
        #expect(try merge([shard(1, of: 2), other], mixedHosts: true).runs[0].problems == whole.runs[0].problems)
        // Neither threads nor the batch change an answer; what is not common is not told.
        let wide = shard(2, of: 2) { $0.runs[0].settings.threads = 8 }
        #expect(try merge([shard(1, of: 2), wide]).runs[0].settings.threads == nil)
    }

    @Test func hostileNumbersAreNoCrash() {
        for (index, count, problems) in [
            (0, 0, 0), (Int.min, Int.max, Int.max), (1, 1, Int.max), (2, 1, 7), (-1, 3, 7), (1, 9, 7),
        ] {
            let bad = shard(1, of: 2) {
                $0.runs[0].settings.shard = ShardRecord(index: index, count: count, problems: problems, sha256: "bb")
            }
            #expect(!refusal([bad, shard(2, of: 2)]).isEmpty)
        }
    }
}
