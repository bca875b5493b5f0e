import RunRecords

/// A report such as a run of twenty problems in two dtypes writes.
enum SampleReport {
    /// Verdict and detail of each problem in bf16; fp16 differs where `fp16` says so.
    private static let bf16: [(verdict: String, detail: String, finish: String, tokens: Int)] = [
        ("passed", "", "stop", 61),
        ("failed", "AssertionError: assert separate_paren_groups('( ) (( ))') == ['()', '(())']", "stop", 118),
        ("passed", "", "stop", 24), ("failed", "NameError: name 'balance' is not defined", "stop", 80),
        ("failed", "AssertionError: candidate([1, 2, 3]) | got `None`\nexpected <b>0.66</b> & more", "stop", 96),
        ("timeout", "4.0 s of CPU time are used up", "length", 256), ("failed", "AssertionError", "stop", 77),
        ("compile_error", "SyntaxError: '(' was never closed (line 3)", "length", 256),
        ("failed", "TypeError: 'int' object is not iterable", "eos", 45),
        (
            "failed",
            "AssertionError: [](https://example.org) ![x](y) __init__ *a* <script>alert(1)</script> @someone #12",
            "stop", 131
        ),
        ("failed", "AssertionError", "stop", 90), ("passed", "", "stop", 33),
        ("failed", "IndexError: list index out of range", "stop", 70),
        ("failed", "AssertionError", "stop", 52), ("failed", "ModuleNotFoundError: No module named 'numpy'", "eos", 64),
        ("failed", "RecursionError: maximum recursion depth exceeded", "stop", 41),
        ("failed", "AssertionError", "stop", 58),
        ("exited_early", "SystemExit(0) before the tests were done", "stop", 49),
        ("failed", "AssertionError", "stop", 103),
        ("sandbox_error", "bwrap: Can't create file at /work: Read-only file system", "stop", 15),
    ]
    private static let fp16: [Int: (verdict: String, detail: String)] = [
        2: ("failed", "AssertionError"), 6: ("passed", ""), 13: ("passed", ""), 8: ("failed", "AssertionError"),
    ]

    static var report: Report {
        Report(
            tool: ToolRecord(name: "yuanbench", version: "0.1.0", build: "1a2b3c4"), createdAt: "2026-01-02T03:04:05Z",
            command: [
                "yuanbench", "eval", "--model", "models/SmolLM2 135M/model.gguf", "--dataset", "humaneval", "--limit",
                "20", "--dtype", "bf16,fp16",
            ],
            host: host, runs: runs, comparisons: [comparison])
    }

    private static var runs: [RunReport] { [run("bf16", records(fp16: false)), run("fp16", records(fp16: true))] }

    /// The two runs paired, with a forced pass.
    private static var comparison: ComparisonRecord {
        var record = ComparisonRecord(kind: "dtype", PairedRuns(runs[0], runs[1]))
        func side(_ dtype: String) -> ForcedSideRecord {
            ForcedSideRecord(
                dtype: dtype, perplexity: 1.31, entropy: 0.52, pathAgreement: dtype == "bf16" ? 1 : 0.984,
                nonFiniteLogits: 0, hiddenInfinities: 0, hiddenNans: 0, hiddenSaturated: 0, hiddenMaxAbs: 812.5,
                weightsChanged: dtype == "bf16" ? 98_112_007 : 0, weightsOverflowed: 0)
        }
        record.reference = "bf16"
        (record.top1Agreement, record.meanKl) = (0.984, 0.0021)
        record.byProblem[2].firstDivergence = 11
        record.byProblem[2].divergence = DivergenceRecord(
            tokenA: 28, tokenB: 731, textA: " a", textB: "|b`", marginA: 0.125, marginB: 0.0625, marginReference: 0.125,
            explainedByRounding: true)
        record.forced = ForcedRecord(
            path: "bf16", positions: 1200, positionsTotal: 1519, nonFinitePositions: 0,
            kl: DistributionRecord(of: [0, 0.001, 0.002, 0.004, 0.0035]), meanLogitError: 0.04, maxLogitError: 1.2,
            logitErrorP999: 0.31,
            klByPosition: [0, 1, 2, 3].map { PositionRecord(index: $0, positions: 19, meanKl: 0.001) },
            layers: [0, 1, 2].map { LayerErrorRecord(layer: $0, p50: 0.001 * Double($0), p95: 0.003 * Double($0)) },
            a: side("bf16"), b: side("fp16"))
        record.metrics = [
            MetricRecord(
                name: "accuracy", kind: "accuracy", unit: "share", a: 0.15, b: 0.2, change: 0.05,
                changeCi95: [-0.1, 0.2], noiseFloor: nil, verdict: .cannotTell, reason: "too few problems")
        ]
        return record
    }

    private static var host: HostRecord {
        HostRecord(
            cpu: "AMD EPYC 7R13 Processor", logicalCores: 2, features: ["sse4_2", "avx", "avx2", "fma", "f16c"],
            memoryBytes: 8_318_783_488, os: "Debian GNU/Linux 12 (bookworm)", kernel: "Linux 6.1.0-28-amd64",
            blas: BLASRecord(library: "OpenBLAS", version: "0.3.21", core: "Zen", threads: 2), kernels: "avx2",
            loadAverage: 0.12)
    }

    private static func records(fp16 isHalf: Bool) -> [ProblemRecord] {
        bf16.enumerated().map { index, row in
            let other = isHalf ? fp16[index] : nil
            return ProblemRecord(
                id: "HumanEval/\(index)", verdict: other?.verdict ?? row.verdict, detail: other?.detail ?? row.detail,
                promptTokens: 120 + index, generatedTokens: row.tokens, finishReason: row.finish,
                extracted: "def solution():\n    return \(index)\n", completion: "    return \(index)\n",
                extraction: "completion",
                tokensSha256: (other == nil ? "ab" : "cd") + String(repeating: "\(index % 10)", count: 62),
                ttftS: 0.4, generationS: 2.5, testCpuS: 0.03, verdictIntegrity: "in-process-secret")
        }
    }

    static func run(_ dtype: String?, _ records: [ProblemRecord]) -> RunReport {
        let isHalf = dtype == "fp16"
        return RunReport(
            model: ModelRecord(
                name: "SmolLM2-135M-Instruct", architecture: "llama", format: "gguf", parameters: 134_515_008,
                sha256: "5a1395716f7913741cc51d98581b9b1228d80987a9f7d3664106742eb06bba83", storedDtype: "q8_0",
                weightsChanged: isHalf ? 0 : 98_112_007),
            dataset: DatasetRecord(
                name: "humaneval", version: "1", problems: records.count,
                sha256: "2f6d1b1a9f0c6bb0dbf5b1ae4d0f6f3a1f0a5c3a0d8bb0a2f54d6b0cbd4ad2b7"),
            settings: SettingsRecord(
                dtype: dtype, decoding: "greedy", prompt: "completion", extraction: "completion", maxNewTokens: 256,
                batchSize: 8, threads: 2, kernels: "auto", stop: ["\nclass", "\ndef", "\n#", "\nif", "```"]),
            accuracy: AccuracyRecord(metric: "pass@1", records: records),
            throughput: ThroughputRecord(
                promptTokens: records.reduce(0) { $0 + ($1.promptTokens ?? 0) },
                generatedTokens: records.reduce(0) { $0 + ($1.generatedTokens ?? 0) },
                prefillTokensPerS: isHalf ? 512.25 : 684.5, decodeTokensPerS: isHalf ? 97.4 : 148.2,
                generationWallS: isHalf ? 22.4 : 15.1, ttftS: Percentiles(p50: 0.412, p95: 0.951),
                interTokenS: Percentiles(p50: 0.0521, p95: 0.0783)),
            memory: MemoryRecord(
                peakRssBytes: isHalf ? 474_480_640 : 461_373_440, weightsBytes: 269_060_544,
                kvCachePeakBytes: isHalf ? nil : 94_371_840),
            isolation: IsolationRecord(
                level: "L2", description: "bubblewrap: own namespaces, no network, read-only root, fresh tmpfs",
                interpreters: ["python": "Python 3.11.2"]),
            problems: records)
    }
}
