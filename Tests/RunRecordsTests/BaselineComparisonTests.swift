import Testing

@testable import RunRecords

@Suite struct BaselineComparisonTests {
    /// A report of `count` problems of which every second passes, but for those that `flip` changes.
    static func report(
        _ count: Int, lost: Int = 0, won: Int = 0, sha256: String = "aa", dtype: String? = "bf16", slower: Double = 1,
        cpu: String = "cpu", peak: Int = 1000
    ) -> Report {
        let records = (0..<count).map { index in
            let passed = index % 2 == 0 ? index / 2 >= lost : index / 2 < won
            return ProblemRecord(
                id: "p/\(index)", verdict: passed ? "passed" : "failed", detail: "", generatedTokens: 11, extracted: "",
                completion: passed ? "good" : "bad", extraction: "none", tokens: [passed ? 1 : 2],
                ttftS: (0.1 + Double(index % 7) * 0.01) * slower,
                generationS: (1.1 + Double(index % 7) * 0.01) * slower)
        }
        let run = RunReport(
            model: ModelRecord(name: "m"),
            dataset: DatasetRecord(name: "d", version: "1", problems: count, sha256: sha256),
            settings: SettingsRecord(
                dtype: dtype, decoding: "greedy", prompt: "chat", extraction: "none", maxNewTokens: 9, batchSize: 4,
                threads: 2, kernels: "auto", stop: []),
            accuracy: AccuracyRecord(metric: "pass@1", records: records), throughput: nil,
            memory: MemoryRecord(peakRssBytes: peak, weightsBytes: 1, kvCachePeakBytes: nil),
            isolation: IsolationRecord(level: "L2", description: "", interpreters: [:]), problems: records)
        return Report(
            tool: ToolRecord(name: "yuanbench", version: "1", build: "b"), createdAt: "", command: [],
            host: HostRecord(
                cpu: cpu, logicalCores: 2, features: [], memoryBytes: 1, os: "", kernel: "",
                blas: BLASRecord(library: "b", version: "1", core: "c", threads: 2), kernels: "avx2"),
            runs: [run])
    }

    private func compared(_ a: Report, _ b: Report, _ settings: GateSettings = GateSettings()) throws
        -> BaselineComparison
    {
        try BaselineComparison(baseline: a, candidate: b, settings: settings, names: ("a.json", "b.json"))
    }

    private let strict = GateSettings(minEffect: GateSettings.strictMinEffect)

    @Test func aRunAgainstItselfIsFine() throws {
        for count in [1, 5, 164] {
            let comparison = try compared(Self.report(count), Self.report(count), strict)
            #expect(comparison.outcome == .fine)
            #expect(comparison.records[0].metrics[0].verdict == .noWorse)
            #expect(comparison.records[0].mcnemarP == 1)
            #expect(comparison.records[0].warnings.isEmpty && comparison.notes.isEmpty)
        }
    }

    @Test func twelveOneWayFlipsAreARegression() throws {
        let comparison = try compared(Self.report(164), Self.report(164, lost: 12))
        #expect(comparison.outcome == .regressed)
        let record = comparison.records[0]
        #expect((record.onlyA, record.onlyB, record.bothPassed, record.neither) == (12, 0, 70, 82))
        #expect(abs(record.mcnemarP - 0.00048828125) < 1e-15)
        #expect(record.metrics[0].reason.contains("12 lost and 0 won of 164"))
        // The other way round they are an improvement.
        let better = try compared(Self.report(164, lost: 12), Self.report(164))
        #expect(better.outcome == .fine && better.records[0].metrics[0].verdict == .better)
    }

    @Test func threeFlipsAreNoiseUnlessStrict() throws {
        let (a, b) = (Self.report(164), Self.report(164, lost: 3))
        let comparison = try compared(a, b)
        #expect(comparison.outcome == .fine)
        #expect(comparison.records[0].metrics[0].reason.contains("fewer than 6 flips cannot be significant"))
        #expect(try compared(a, b, strict).outcome == .cannotTell)
    }

    /// Whatever the settings, five flips are no regression at the level 0.05, and six one way are.
    @Test(arguments: 1...5)
    func fewFlipsAreNeverARegression(flips: Int) throws {
        for count in [12, 40, 164] {
            #expect(try compared(Self.report(count), Self.report(count, lost: flips), strict).outcome != .regressed)
        }
        #expect(try compared(Self.report(40), Self.report(40, lost: 6)).outcome == .regressed)
        #expect(
            try compared(Self.report(40), Self.report(40, lost: 6), GateSettings(alpha: 0.03)).outcome != .regressed)
    }

    @Test func aFewProblemsCannotTell() throws {
        #expect(try compared(Self.report(1), Self.report(1, lost: 1)).outcome == .cannotTell)
        #expect(try compared(Self.report(10), Self.report(10, lost: 1)).outcome == .cannotTell)
    }

    @Test func otherDataAreRefused() throws {
        #expect(throws: ReportError.self) { try compared(Self.report(4), Self.report(4, sha256: "bb")) }
        do {
            _ = try compared(Self.report(4), Self.report(4, sha256: "bb"))
        } catch {
            #expect("\(error)".contains("aa") && "\(error)".contains("bb") && "\(error)".contains("b.json"))
        }
        // Another dtype has no partner, which alone is an error.
        #expect(throws: ReportError.self) { try compared(Self.report(4), Self.report(4, dtype: "fp16")) }
        var both = Self.report(4)
        both.runs += Self.report(4, dtype: "fp16").runs
        #expect(try compared(Self.report(4), both).notes.count == 1)
        #expect(try compared(both, Self.report(4)).notes.count == 1)
    }

    @Test func otherSettingsAreListed() throws {
        var other = Self.report(4)
        other.runs[0].settings.maxNewTokens = 10
        other.runs[0].model.sha256 = "cc"
        #expect(
            try compared(Self.report(4), other).records[0].warnings
                == ["model SHA-256: unknown → cc", "new tokens at most: 9 → 10"])
        other.runs[0].problems[1].verdict = "starved"
        let record = try compared(Self.report(4), other).records[0]
        #expect(record.problems == 3)
        #expect(record.warnings.last?.contains("p/1") == true)
    }

    @Test func speedAndMemoryDecideOnlyWhenAsked() throws {
        let (a, b) = (Self.report(40), Self.report(40, slower: 1.5, peak: 2000))
        func verdicts(_ settings: GateSettings, _ b: Report) throws -> [ComparisonVerdict] {
            try compared(a, b, settings).records[0].metrics.map(\.verdict)
        }
        #expect(try verdicts(GateSettings(), b) == [.noWorse, .worse, .worse, .worse])
        #expect(try compared(a, b).outcome == .fine)
        #expect(try compared(a, b, GateSettings(failOn: ["speed"])).outcome == .regressed)
        #expect(try compared(a, b, GateSettings(failOn: ["memory"])).outcome == .regressed)
        // Within the noise, and clearly better.
        #expect(
            try verdicts(GateSettings(), Self.report(40, slower: 1.05, peak: 1040))
                == [.noWorse, .noWorse, .noWorse, .noWorse])
        #expect(
            try verdicts(GateSettings(), Self.report(40, slower: 0.5, peak: 500))
                == [.noWorse, .better, .better, .better])
        // Only between like hosts.
        let elsewhere = Self.report(40, slower: 1.5, cpu: "other", peak: 2000)
        #expect(try verdicts(GateSettings(), elsewhere) == [.noWorse, .cannotTell, .cannotTell, .cannotTell])
        #expect(try compared(a, elsewhere, GateSettings(failOn: ["speed", "memory"])).outcome == .cannotTell)
    }

    @Test func conclusionsSayWhatWasSeen() {
        func sentence(_ a: Report, _ b: Report) -> String {
            ComparisonRecord(kind: "dtype", PairedRuns(a.runs[0], b.runs[0]), labels: ("fp16", "bf16")).conclusion
        }
        #expect(
            sentence(Self.report(80), Self.report(80, lost: 4, won: 3))
                == "fp16 and bf16 differ on 7 of 80 problems: 4 passed by fp16 alone, 3 by bf16 alone: no evidence of a difference "
                + "(p = 1.0); with this many problems only a difference of 9.7 points or more would probably be seen.")
        #expect(
            sentence(Self.report(80), Self.report(80)).hasPrefix("fp16 and bf16 pass the same 40 of 80 problems;"))
        #expect(sentence(Self.report(80), Self.report(80, lost: 20)).contains("fp16 is better by 25.0 points"))
        #expect(sentence(Self.report(0), Self.report(0)).contains("nothing can be said"))
    }

    /// A report of one point of `bench`, repeated as often as there are rates.
    private func bench(_ rates: [Double], batch: Int = 1, cpu: String = "cpu", peak: Int = 1000) -> Report {
        var report = Self.report(1, cpu: cpu)
        report.runs = []
        let samples = rates.map { rate in
            var sample = BenchmarkSample(wallS: 1)
            sample.decodeTokensPerS = rate
            return sample
        }
        var record = BenchmarkRecord(
            model: ModelRecord(name: "m"), dtype: "bf16", kernels: "auto", threads: 2, batchSize: batch,
            promptTokens: 8, generatedTokens: 4, warmup: 1, speculation: false, samples: samples)
        record.peakRssBytes = peak
        report.benchmarks = [record]
        return report
    }

    @Test func benchmarksArePairedByPoint() throws {
        let speed = GateSettings(failOn: ["speed"])
        let (fast, slow) = (bench([10, 10.1, 9.9, 10, 10.2]), bench([7, 7.1, 6.9, 7, 7.2]))
        let worse = try compared(fast, slow, speed)
        #expect(worse.outcome == .regressed && worse.benchmarks.map(\.metrics.count) == [2])
        #expect(worse.benchmarks[0].metrics.map(\.verdict) == [.worse, .noWorse])
        #expect(try compared(slow, fast, speed).benchmarks[0].metrics[0].verdict == .better)
        #expect(try compared(fast, fast, speed).outcome == .fine)
        // Without --fail-on the speed is told, and decides nothing.
        #expect(try compared(fast, slow).outcome == .fine && compared(fast, slow).notes.count == 1)
        #expect(try compared(fast, bench([7]), speed).outcome == .cannotTell)
        #expect(try compared(fast, bench([10, 10, 10, 10], cpu: "other"), speed).outcome == .cannotTell)
        #expect(try compared(fast, bench([10], peak: 1100), GateSettings(failOn: ["memory"])).outcome == .regressed)
        #expect(throws: ReportError.self) { try compared(fast, bench([10], batch: 2)) }
    }
}
