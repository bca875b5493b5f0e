import Foundation
import RunRecords
import TestSupport
import Testing

@Suite struct CodingTests {
    /// A report in which nothing was measured that need not be.
    private var bare: Report {
        let problem = ProblemRecord(
            id: "HumanEval/0", verdict: "compile_error", detail: "a/b", extracted: "", completion: "x",
            extraction: "none", scores: ["strictRule": 1])
        let run = RunReport(
            model: ModelRecord(name: "samples"),
            dataset: DatasetRecord(name: "humaneval", version: nil, problems: 1, sha256: "00"),
            settings: SettingsRecord(
                dtype: nil, decoding: "given", prompt: "samples", extraction: "none", maxNewTokens: nil, batchSize: nil,
                threads: nil, kernels: nil, stop: []),
            accuracy: AccuracyRecord(metric: "pass@1", records: [problem]), throughput: nil, memory: nil,
            isolation: IsolationRecord(level: "L2", description: "bubblewrap", interpreters: [:]), problems: [problem])
        return Report(
            tool: ToolRecord(name: "yuanbench", version: "0.1.0", build: "unknown"), createdAt: "2026-01-02T03:04:05Z",
            command: ["yuanbench", "score"],
            host: HostRecord(
                cpu: "c", logicalCores: 2, features: [], memoryBytes: 1, os: "o", kernel: "k",
                blas: BLASRecord(library: "OpenBLAS", version: "1", core: "Zen", threads: 2), kernels: "avx2"),
            runs: [run])
    }

    private func object(_ report: Report) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: ReportCoding.encode(report)) as? [String: Any])
    }

    @Test func whatWasNotMeasuredIsNullAndThere() throws {
        let run = try #require((try object(bare)["runs"] as? [[String: Any]])?.first)
        for key in ["throughput", "memory"] { #expect(run[key] is NSNull, "\(key)") }
        let model = try #require(run["model"] as? [String: Any])
        for key in ["architecture", "format", "parameters", "sha256"] { #expect(model[key] is NSNull, "\(key)") }
        let settings = try #require(run["settings"] as? [String: Any])
        for key in ["dtype", "max_new_tokens", "batch_size", "threads"] { #expect(settings[key] is NSNull, "\(key)") }
        let problem = try #require((run["problems"] as? [[String: Any]])?.first)
        for key in ["prompt_tokens", "generated_tokens", "finish_reason", "tokens_sha256", "test_cpu_s"] {
            #expect(problem[key] is NSNull, "\(key)")
        }
        let accuracy = try #require(run["accuracy"] as? [String: Any])
        #expect((accuracy["ci95"] as? [Double])?.count == 2)
        #expect(accuracy["verdicts"] as? [String: Int] == ["compile_error": 1])
        // Names that belong to the data are no keys of the contract.
        #expect(accuracy["scores"] as? [String: Double] == ["strictRule": 1])
    }

    /// What would trap where counts are added up is refused where the file is read.
    @Test(arguments: [
        ("prompt_tokens", -1), ("generated_tokens", Int.max), ("peak_rss_bytes", Int.max), ("total", (1 << 53) + 1),
    ])
    func countsAreBounded(_ key: String, _ count: Int) throws {
        var report = bare
        report.runs[0].memory = MemoryRecord(peakRssBytes: 1 << 40, weightsBytes: nil, kvCachePeakBytes: nil)
        let text = String(decoding: try ReportCoding.encode(report), as: UTF8.self)
        let damaged = text.replacing(try Regex("\"\(key)\" : (null|[0-9]+)"), with: "\"\(key)\" : \(count)")
        #expect(damaged != text)
        let error = #expect(throws: ReportError.self) { try ReportCoding.decode(Data(damaged.utf8), name: "r") }
        #expect(
            error?.message.hasPrefix("r: runs[0].") == true && error?.message.contains("\(key) is \(count)") == true)
        #expect(throws: Never.self) { try ReportCoding.decode(Data(text.utf8)) }
    }

    /// Whatever draws an interval may rely on its two bounds.
    @Test(arguments: [[], [0.1], [0.1, 0.2, 0.3], [0.2, 0.1]]) func intervalsHaveTwoBounds(_ bounds: [Double]) throws {
        var report = bare
        report.runs[0].accuracy.ci95 = bounds
        let data = try ReportCoding.encode(report)
        let error = #expect(throws: ReportError.self) { try ReportCoding.decode(data, name: "r") }
        #expect(error?.message.hasPrefix("r: runs[0].accuracy.ci95 is \(bounds), expected a lower") == true)
    }

    @Test func sumsOfCountsHaveAnEnd() {
        #expect([Int.max, 1].boundedSum() == .max && [Int.min, -1].boundedSum() == .min && [1, 2].boundedSum() == 3)
    }

    @Test func keysOfMeasurements() throws {
        var report = bare
        report.runs[0].throughput = ThroughputRecord(
            promptTokens: 1, generatedTokens: 2, prefillTokensPerS: nil, decodeTokensPerS: 3.5, generationWallS: 4,
            ttftS: Percentiles(p50: 0.5, p95: 0.75), interTokenS: nil,
            guessedTokens: 8, acceptedTokens: 6)
        report.runs[0].memory = MemoryRecord(peakRssBytes: 1 << 40, weightsBytes: nil, kvCachePeakBytes: 6)
        let run = try #require((try object(report)["runs"] as? [[String: Any]])?.first)
        let throughput = try #require(run["throughput"] as? [String: Any])
        #expect(
            Set(throughput.keys) == [
                "prompt_tokens", "generated_tokens", "prefill_tokens_per_s", "decode_tokens_per_s", "generation_wall_s",
                "ttft_s", "inter_token_s", "shared_prompt_tokens", "guessed_tokens", "accepted_tokens",
                "acceptance_rate",
            ])
        #expect(throughput["ttft_s"] as? [String: Double] == ["p50": 0.5, "p95": 0.75])
        #expect(throughput["acceptance_rate"] as? Double == 0.75 && throughput["shared_prompt_tokens"] is NSNull)
        #expect(throughput["inter_token_s"] is NSNull && throughput["prefill_tokens_per_s"] is NSNull)
        let memory = try #require(run["memory"] as? [String: Any])
        #expect(memory["peak_rss_bytes"] as? Int == 1 << 40)
        #expect(memory["weights_bytes"] is NSNull)
        #expect(try ReportCoding.decode(ReportCoding.encode(report)) == report)
    }

    @Test func theSameReportGivesTheSameBytes() throws {
        let first = try ReportCoding.encode(bare)
        for _ in 0..<5 { #expect(try ReportCoding.encode(bare) == first) }
        let text = String(decoding: first, as: UTF8.self)
        #expect(text.contains(#""id" : "HumanEval/0""#))
        #expect(text.hasSuffix("}\n"))
        #expect(try ReportCoding.decode(first) == bare)
    }

    /// A file of the first version, kept as it was written: what is published stays readable.
    @Test func publishedReportsStayReadable() throws {
        let data = try Data(contentsOf: Fixtures.url("reports/version-1.json"))
        let report = try ReportCoding.decode(data)
        #expect(report.runs.map(\.settings.dtype) == ["bf16", "fp16"])
        #expect(report.runs[0].accuracy.verdicts["compile_error"] == 1)
        #expect(report.runs[0].throughput?.ttftS?.p95 == 0.951)
        // Written again it says the same, and may say more.
        let (before, after) = (
            try JSONSerialization.jsonObject(with: data),
            try JSONSerialization.jsonObject(with: ReportCoding.encode(report))
        )
        #expect(missing(from: after, of: before) == nil)
    }

    /// The place of something in `old` that `new` does not have alike.
    private func missing(from new: Any?, of old: Any, at place: String = "$") -> String? {
        if let old = old as? [String: Any] {
            let new = new as? [String: Any]
            return old.lazy.compactMap { missing(from: new?[$0.key], of: $0.value, at: "\(place).\($0.key)") }.first
        }
        if let old = old as? [Any] {
            guard let new = new as? [Any], new.count == old.count else { return place }
            return zip(new, old).enumerated().lazy
                .compactMap { missing(from: $0.element.0, of: $0.element.1, at: "\(place)[\($0.offset)]") }.first
        }
        return (new as? NSObject) == (old as? NSObject) ? nil : place
    }

    private func message(_ text: String) -> String {
        do {
            _ = try ReportCoding.decode(Data(text.utf8), name: "out/report.json")
            return "decoded"
        } catch {
            return error.message
        }
    }

    private func edited(_ from: String, _ to: String) throws -> String {
        let text = String(decoding: try ReportCoding.encode(bare), as: UTF8.self)
        try #require(text.contains(from))
        return text.replacingOccurrences(of: from, with: to)
    }

    @Test func wrongReportsAreNamed() throws {
        #expect(message("").contains("out/report.json: not a report of yuanbench, it is not whole and valid JSON"))
        #expect(message("{").contains("it is not whole and valid JSON"))
        #expect(message("[]").contains("not a report of yuanbench"))
        #expect(message("{}").contains("schema_version is missing"))
        #expect(
            try message(edited(#""schema_version" : 1"#, #""schema_version" : 2"#))
                == "out/report.json: schema_version is 2, and this yuanbench reads 1; use a newer yuanbench")
        #expect(
            try message(edited(#""schema_version" : 1"#, #""schema_version" : 0"#)).hasSuffix(
                "the yuanbench that wrote it"))
        #expect(try message(edited(#""passed" : 0"#, #""past" : 0"#)).contains("runs[0].accuracy.passed is missing"))
        #expect(
            try message(edited(#""passed" : 0"#, #""passed" : "0""#))
                .contains("runs[0].accuracy.passed is not a whole number"))
        #expect(
            try message(edited(#""logical_cores" : 2"#, #""logical_cores" : null"#)).contains(
                "host.logical_cores is null"))
        let deep = String(repeating: "[", count: 100_000)
        #expect(message(deep).contains("not a report"))
    }

    @Test func numbersThatJSONCannotHoldAreNamed() throws {
        var report = bare
        report.host.loadAverage = .nan
        #expect(throws: ReportError("report: host.load_average is nan, which JSON cannot hold; nothing was written")) {
            try ReportCoding.encode(report)
        }
    }
}
