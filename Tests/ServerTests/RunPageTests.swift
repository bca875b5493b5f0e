import Foundation
import RunRecords
import Server
import Testing

/// `/runs` shows what lies in its folder, and nothing else of the host.
struct RunPageTests {
    private static func report(_ dtype: String, passed: [Bool]) throws -> Data {
        let problems = passed.enumerated().map { index, passed in
            ProblemRecord(
                id: "p/\(index)", verdict: passed ? "passed" : "failed", detail: "", extracted: "",
                completion: "\(dtype) \(index)", extraction: "none")
        }
        let run = RunReport(
            model: ModelRecord(name: "m"),
            dataset: DatasetRecord(name: "d", version: nil, problems: passed.count, sha256: "00"),
            settings: SettingsRecord(
                dtype: dtype, decoding: "greedy", prompt: "chat", extraction: "none", maxNewTokens: 1, batchSize: 1,
                threads: 1, kernels: nil, stop: []),
            accuracy: AccuracyRecord(metric: "pass@1", records: problems), throughput: nil, memory: nil,
            isolation: IsolationRecord(level: "L0", description: "", interpreters: [:]), problems: problems)
        let host = HostRecord(
            cpu: "cpu", logicalCores: 1, features: [], memoryBytes: 1, os: "os", kernel: "k",
            blas: BLASRecord(library: "b", version: "1", core: "c", threads: 1), kernels: "native", loadAverage: nil)
        return try ReportCoding.encode(
            Report(
                tool: ToolRecord(name: "yuanbench", version: "0", build: "0"), createdAt: "2026-01-01T00:00:00Z",
                command: [], host: host, runs: [run]))
    }

    private static func folder() throws -> URL {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("yuanbench-runs-\(UUID().uuidString)")
        let runs = base.appendingPathComponent("runs")
        for (name, dtype, passed) in [
            ("one", "bf16", [true, true, false]), ("two <b>", "fp16", [true, false, false]),
        ] {
            let place = runs.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try report(dtype, passed: passed).write(to: place.appendingPathComponent("report.json"))
            try Data("<p>\(name)".utf8).write(to: place.appendingPathComponent("report.html"))
        }
        // Outside, with a link to it, and a link for a file.
        let outside = base.appendingPathComponent("outside")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: outside.appendingPathComponent("report.html"))
        try report("bf16", passed: [true]).write(to: outside.appendingPathComponent("report.json"))
        try FileManager.default.createSymbolicLink(at: runs.appendingPathComponent("link"), withDestinationURL: outside)
        let linked = runs.appendingPathComponent("linked")
        try FileManager.default.createDirectory(at: linked, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: linked.appendingPathComponent("report.html"),
            withDestinationURL: outside.appendingPathComponent("report.html"))
        let damaged = runs.appendingPathComponent("damaged")
        try FileManager.default.createDirectory(at: damaged, withIntermediateDirectories: true)
        try Data("{".utf8).write(to: damaged.appendingPathComponent("report.json"))
        return base
    }

    @Test func runsAreListedComparedAndShown() async throws {
        let base = try Self.folder()
        defer { try? FileManager.default.removeItem(at: base) }
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator())) {
            $0.runs = base.appendingPathComponent("runs")
        }
        let client = try server.client()
        let folders = try #require(try await client.ask("GET", "/api/runs").json["folders"] as? [[String: Any]])
        #expect(Set(folders.compactMap { $0["folder"] as? String }) == ["one", "two <b>", "damaged"])
        #expect(
            (folders.first { $0["folder"] as? String == "damaged" }?["problem"] as? String)?.contains("report.json")
                == true)
        let page = try await client.ask("GET", "/runs/two%20%3Cb%3E/report.html")
        #expect(page.status == 200 && page.text == "<p>two <b>")
        #expect(page.headers["content-security-policy"]?.hasPrefix("sandbox allow-scripts;") == true)
        let pair = try await client.ask("GET", "/api/compare?a=one&a_run=0&b=two%20%3Cb%3E&b_run=0").json
        let comparison = try #require(pair["comparison"] as? [String: Any])
        #expect(comparison["both_passed"] as? Int == 1 && comparison["only_a"] as? Int == 1)
        #expect((pair["problems"] as? [[String: Any]])?.first?["completion_b"] as? String == "fp16 0")
        #expect(pair["same_data"] as? Bool == true)
        try await server.stop()
    }

    @Test func nothingElseIsReached() async throws {
        let base = try Self.folder()
        defer { try? FileManager.default.removeItem(at: base) }
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator())) {
            $0.runs = base.appendingPathComponent("runs")
        }
        let client = try server.client()
        for name in [
            "link", "linked", "..", "%2e%2e", "..%2foutside", "%2e%2e%2foutside", ".", "one%2f..%2fone", "%00",
            "one%00", "%ff", "nothing",
        ] {
            let answer = try await client.ask("GET", "/runs/\(name)/report.html")
            #expect(answer.status == 404 && !answer.text.contains("secret"), "\(name): \(answer.status)")
            let compared = try await client.ask("GET", "/api/compare?a=\(name)&b=one")
            #expect((400..<500).contains(compared.status), "\(name): \(compared.status)")
        }
        for query in [
            "", "?", "?a", "?a=one", "?a=one&b=one&a_run=9", "?a=one&b=one&a_run=-1", "?a=one&b=one&a_run=x%ff",
        ] {
            let status = try await client.ask("GET", "/api/compare\(query)").status
            #expect((200..<500).contains(status), "\(query): \(status)")
        }
        try await server.stop()
    }
}
