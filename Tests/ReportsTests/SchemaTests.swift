import Foundation
import Reports
import RunRecords
import TestSupport
import Testing

@Suite struct SchemaTests {
    private func schema() throws -> JSON {
        let file = Fixtures.repository.appendingPathComponent("Reports/schema/report-1.schema.json")
        return try JSONDecoder().decode(JSON.self, from: Data(contentsOf: file))
    }

    private func json(_ report: Report) throws -> JSON {
        try JSONDecoder().decode(JSON.self, from: JSONReport().render(report))
    }

    /// The sample, and what `score` makes: no dtype, no speed.
    private func reports() -> [Report] {
        var scored = SampleReport.report
        scored.runs = [SampleReport.run(nil, [])]
        scored.runs[0].throughput = nil
        scored.runs[0].memory = nil
        var sampled = SampleReport.report
        sampled.runs[0].settings.sampling = SamplingRecord(temperature: 0.8, topP: 0.95, seed: .max, samples: 20)
        sampled.runs[0].accuracy.passAtK = [PassAtKRecord(k: 10, value: 0.41, ci95: [0.3, 0.5])]
        var elsewhere = SampleReport.report
        for index in elsewhere.runs.indices { elsewhere.runs[index].settings.endpoint = SampleServing.endpoint }
        for index in elsewhere.comparisons.indices { elsewhere.comparisons[index].kind = "endpoint" }
        return [
            SampleReport.report, scored, sampled, SampleBenchmark.report, SampleServing.report, elsewhere,
        ]
    }

    @Test func reportsAreValid() throws {
        let schema = try schema()
        #expect(SchemaValidator.unknownKeywords(schema) == [])
        for report in reports() { #expect(SchemaValidator.complaints(try json(report), schema) == []) }
    }

    @Test func wrongReportsAreNot() throws {
        let schema = try schema()
        let text = String(decoding: try JSONReport().render(SampleReport.report), as: UTF8.self)
        for (from, to) in [
            (#""schema_version" : 1"#, #""schema_version" : 2"#), (#""passed" : 3"#, #""passed" : -3"#),
            (#""pass@1""#, #""pass@2""#), (#""logical_cores" : 2"#, #""logical_cores" : 2.5"#),
            (#""peak_rss_bytes" : 461373440"#, #""peak_rss_bytes" : "440 MiB""#),
            (#""finish_reason" : "eos""#, #""finish_reason" : "ended""#),
            (#""verdict" : "timeout""#, #""verdict" : "slow""#),
        ] {
            try #require(text.contains(from))
            let changed = Data(text.replacingOccurrences(of: from, with: to).utf8)
            #expect(
                SchemaValidator.complaints(try JSONDecoder().decode(JSON.self, from: changed), schema) != [], "\(to)")
        }
    }

    /// Takes one key after the other away: what the schema still accepts must still be readable, and the keys that
    /// PRODUCT's contract fixes must be missed.
    @Test func theSchemaAsksForWhatTheReaderNeeds() throws {
        let schema = try schema()
        var report = SampleReport.report
        report.runs = [report.runs[0]]
        report.runs[0].problems = [report.runs[0].problems[1]]
        report.comparisons[0].byProblem = [report.comparisons[0].byProblem[2]]
        let variants = try json(report).withoutOneMember
        #expect(variants.count > 80)
        for variant in variants where SchemaValidator.complaints(variant.value, schema) == [] {
            let data = try JSONEncoder().encode(variant.value)
            #expect(throws: Never.self, "without \(variant.place)") { try ReportCoding.decode(data) }
        }
        for place in [
            ".host.blas.core", ".runs[0].throughput", ".runs[0].throughput.ttft_s.p95",
            ".runs[0].memory.peak_rss_bytes",
            ".runs[0].accuracy.ci95", ".runs[0].settings.stop", ".runs[0].problems[0].tokens_sha256",
            ".runs[0].isolation.level",
        ] {
            let variant = try #require(variants.first { $0.place == place }, "\(place)")
            #expect(SchemaValidator.complaints(variant.value, schema) != [], "\(place)")
        }
    }

    /// The same for a point of a benchmark.
    @Test func theSchemaAsksForWhatAReaderOfBenchmarksNeeds() throws {
        let schema = try schema()
        var report = SampleBenchmark.report
        report.benchmarks = [report.benchmarks[1]]
        report.benchmarks[0].samples = [report.benchmarks[0].samples[0]]
        let variants = try json(report).withoutOneMember.filter { $0.place.hasPrefix(".benchmarks[0]") }
        #expect(variants.count > 60)
        for variant in variants where SchemaValidator.complaints(variant.value, schema) == [] {
            let data = try JSONEncoder().encode(variant.value)
            #expect(throws: Never.self, "without \(variant.place)") { try ReportCoding.decode(data) }
        }
        // PRODUCT's keys.
        for key in [
            "dtype", "batch_size", "threads", "prompt_tokens", "generated_tokens", "repetitions",
            "prefill_tokens_per_s",
            "decode_tokens_per_s", "ttft_s", "inter_token_s", "load_s", "peak_rss_bytes", "bandwidth_share",
            "compute_share", "samples",
        ] {
            let variant = try #require(variants.first { $0.place == ".benchmarks[0].\(key)" }, "\(key)")
            #expect(SchemaValidator.complaints(variant.value, schema) != [], "\(key)")
        }
        #expect(try ReportCoding.decode(JSONReport().render(report)) == report)
    }
}
