import Foundation
import RunRecords
import TestSupport
import Testing

/// `bench` on tiny shapes: what is written, what is printed where, what is refused.
struct BenchTests {
    private let grid = [
        "bench", "--model", "shape:yuan2-tiny", "--prompt-tokens", "8,40", "--generate-tokens", "6", "--batch", "3,1",
        "--threads", "2", "--dtype", "bf16,fp32", "--repetitions", "2", "--output", "run",
    ]

    @Test func aGridBecomesAReport() throws {
        let folder = try Folder()
        let run = try Command.run(grid + ["--json"], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let report = try ReportCoding.decode(Data(run.out.utf8), name: "stdout")
        let file = folder.url.appendingPathComponent("run/report.json")
        #expect(try ReportCoding.decode(Data(contentsOf: file), name: "report.json") == report)
        #expect(report.runs.isEmpty && report.benchmarks.count == 8)
        let places = report.benchmarks.map { [$0.dtype, "\($0.threads)", "\($0.promptTokens)", "\($0.batchSize)"] }
        #expect(Set(places).count == 8)
        for point in report.benchmarks {
            #expect(point.model.name == "shape:yuan2-tiny" && point.model.format == "random" && point.repetitions == 2)
            #expect(point.samples.count == 2 && point.generatedTokens == 6 && !point.speculation)
            let values: [Double?] = [
                point.prefillTokensPerS, point.decodeTokensPerS, point.ttftS?.p50, point.interTokenS?.p99, point.loadS,
                point.bandwidthShare, point.computeShare, point.prefillComputeShare, point.prefillSpread?.min,
                point.decodeStepBytes, point.samples[0].readBytesPerS, point.samples[1].flopsPerS,
            ]
            #expect(values.allSatisfy { ($0 ?? 0) > 0 })
            // 3 layers, 4 heads of 16, keys and values.
            #expect(point.kvBytesPerToken == (point.dtype == "fp32" ? 1536 : 768))
            #expect((point.peakRssBytes ?? 0) > (point.weightsBytes ?? .max))
        }
        // Progress, a table and the place go elsewhere.
        #expect(run.err.contains("[8/8]") && run.err.contains("report.md"))
        let text = try String(contentsOf: folder.url.appendingPathComponent("run/report.md"), encoding: .utf8)
        #expect(
            text.contains("| shape:yuan2-tiny bf16 |") && text.contains("| pp40 × 3 |") && text.contains("tg6 @ d8"))
        for name in ["decode-over-batch", "prefill-over-prompt", "roofline", "memory-over-batch"] {
            let chart = folder.url.appendingPathComponent("run/charts/\(name).svg")
            #expect(try String(contentsOf: chart, encoding: .utf8).hasPrefix("<svg"), "\(name)")
            #expect(text.contains("charts/\(name).svg"))
        }
    }

    @Test func productsAlone() throws {
        struct Product: Decodable {
            let rows: Int
            let columns: Int
            let phase: String
            let tokens: Int
            let flopsPerS: Double
            let bandwidthShare: Double
        }
        let folder = try Folder()
        let run = try Command.run(
            [
                "bench", "--kernels-only", "--model", "shape:llama-tiny", "--batch", "1,5", "--prompt-tokens", "70",
                "--dtype",
                "fp32", "--kernels", "openblas", "--json",
            ], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let products = try decoder.decode([Product].self, from: Data(run.out.utf8))
        #expect(
            Set(products.map { [$0.rows, $0.columns] }) == [[512, 64], [64, 64], [32, 64], [176, 64], [64, 176]])
        #expect(products.count == 15 && products.allSatisfy { $0.flopsPerS > 0 && $0.bandwidthShare > 0 })
        #expect(products.prefix(3).map { "\($0.tokens) \($0.phase)" } == ["1 generated", "5 generated", "70 prompt"])
    }

    @Test func quietSaysNothing() throws {
        let folder = try Folder()
        let run = try Command.run(
            [
                "bench", "--model", "shape:llama-tiny", "--prompt-tokens", "4", "--generate-tokens", "1", "--batch",
                "1",
                "--repetitions", "1", "--warmup", "0", "--output", "run", "--quiet",
            ], in: folder.url)
        #expect(run.status == 0 && run.out.isEmpty && run.err.isEmpty, "\(run.out)\(run.err)")
        let data = try Data(contentsOf: folder.url.appendingPathComponent("run/report.json"))
        let point = try #require(try ReportCoding.decode(data, name: "report.json").benchmarks.first)
        // The one token comes from the prefill.
        #expect(point.decodeTokensPerS == nil && point.bandwidthShare == nil && point.prefillTokensPerS != nil)
        #expect(point.warnings.contains { $0.remedy.contains("--repetitions") })
    }

    @Test(
        arguments: [
            (["--batch", "1,x"], 64, "\"x\""), (["--batch", "0"], 64, "--batch"), (["--dtype", "int8"], 64, "int8"),
            (["--kernels", "mkl"], 64, "mkl"), (["--repetitions", "0"], 64, "--repetitions"),
            (["--prompt-tokens", "8,,9"], 64, "--prompt-tokens"), (["--prompt-tokens", "600"], 64, "512"),
            (["--model", "shape:gpt-7"], 65, "shape:yuan2-2b"),
        ] as [([String], Int32, String)])
    func whatCannotBeMeasuredIsRefused(arguments: [String], status: Int32, word: String) throws {
        let folder = try Folder()
        let model = arguments.contains("--model") ? [] : ["--model", "shape:yuan2-tiny"]
        let run = try Command.run(["bench", "--output", "run"] + model + arguments, in: folder.url)
        #expect(run.status == status && run.err.contains(word), "\(run.err)")
        #expect(!run.wasKilled && !FileManager.default.fileExists(atPath: folder.url.path + "/run"))
    }

    @Test func theDoctorMeasuresTheLimits() throws {
        struct Findings: Decodable {
            struct Limits: Decodable {
                let threads: Int
                let readBytesPerS: Double?
                let flopsPerS: [String: Double]
            }
            let limits: [Limits]
        }
        let folder = try Folder()
        let run = try Command.run(["doctor", "--json"], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let limits = try decoder.decode(Findings.self, from: Data(run.out.utf8)).limits
        #expect(limits.first?.threads == 1)
        for limit in limits {
            #expect((limit.readBytesPerS ?? 0) > 0 && limit.flopsPerS.count == 3)
            #expect(limit.flopsPerS.values.allSatisfy { $0 > 0 })
        }
    }
}
