import Foundation
import RunRecords
import TestSupport
import Testing

/// From a hub to a score, by the commands a user types, against a server on the loopback that imitates the hubs.
struct ModelPullTests {
    /// `lying_hub.py` serving the tiny Yuan2; it ends when its standard input closes.
    private final class Hub {
        let process = Process()
        let input = Pipe()
        let port: Int

        init() throws {
            let output = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", Fixtures.url("hubs/lying_hub.py").path, Tiny.yuan]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        }

        deinit {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }

        func endpoint(_ lie: String) -> String { "http://127.0.0.1:\(port)/\(lie)" }
    }

    private func run(_ arguments: [String], in folder: Folder, loopback: Bool = true) throws -> (
        status: Int32, out: String, err: String
    ) {
        let process = Command.process(arguments, in: folder.url)
        process.environment?["YUANBENCH_ALLOW_LOOPBACK_HTTP"] = loopback ? "1" : nil
        process.environment?["HF_TOKEN"] = "hf_secret"
        let (out, err) = (folder.url.appendingPathComponent("out"), folder.url.appendingPathComponent("err"))
        for url in [out, err] { try Data().write(to: url) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, try String(contentsOf: out, encoding: .utf8),
            try String(contentsOf: err, encoding: .utf8)
        )
    }

    @Test(arguments: ["huggingface", "modelscope"])
    func pulledModelsAreListedEvaluatedAndRemoved(source: String) throws {
        let (hub, folder) = (try Hub(), try Folder())
        let pull = try run(
            ["model", "pull", "tiny/Yuan-Tiny", "--source", source, "--endpoint", hub.endpoint("honest")], in: folder)
        #expect(pull.status == 0, "\(pull.err)")
        #expect(pull.out.hasPrefix("tiny/Yuan-Tiny\t"))
        #expect(!pull.err.contains("secret") && !pull.out.contains("secret"))

        let list = try run(["model", "list", "--json"], in: folder)
        #expect(
            list.out.contains("\"tiny/Yuan-Tiny\"") && list.out.contains("\"yuan\"") && list.out.contains("size_bytes"))
        #expect(try run(["model", "inspect", "yuan-tiny", "--json"], in: folder).status == 0)

        let eval = try run(
            [
                "eval", "--model", "tiny/Yuan-Tiny", "--dataset", "yuanbench-exact", "--limit", "4", "--max-new-tokens",
                "8", "--prompt", "completion", "--output", "run", "--quiet",
            ], in: folder)
        #expect(eval.status == 0, "\(eval.err)")
        for name in ["report.html", "report.md", "charts/score.svg"] {
            #expect(FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("run/" + name).path))
        }

        #expect(try run(["model", "remove", "tiny/Yuan-Tiny"], in: folder).status == 0)
        #expect(try !run(["model", "list", "--json"], in: folder).out.contains("tiny"))
        #expect(
            !FileManager.default.fileExists(
                atPath: folder.url.appendingPathComponent("cache/yuanbench/models/tiny").path))
    }

    @Test func exitCodesTellWhatWentWrong() throws {
        let (hub, folder) = (try Hub(), try Folder())
        func status(_ arguments: [String], loopback: Bool = true) throws -> Int32 {
            try run(["model", "pull"] + arguments, in: folder, loopback: loopback).status
        }
        #expect(try status(["tiny/model", "--endpoint", hub.endpoint("missing")]) == 65)
        #expect(try status(["tiny/model", "--endpoint", hub.endpoint("gated")]) == 69)
        #expect(try status(["tiny/model", "--endpoint", hub.endpoint("wrong")]) == 65)
        #expect(try status(["tiny/model", "--endpoint", hub.endpoint("huge")]) == 74)
        #expect(try status(["tiny/model", "--endpoint", hub.endpoint("honest")], loopback: false) == 65)
        #expect(try status(["tiny/model", "--source", "elsewhere"]) == 64)
        #expect(try status(["../model"]) == 65)
        #expect(try run(["model", "remove", "../.."], in: folder).status == 65)
    }

    @Test func dataSetsAreFetchedAndChecked() throws {
        let (hub, folder) = (try Hub(), try Folder())
        // The server has no such file: nothing may be taken for it.
        let absent = try run(["dataset", "pull", "cruxeval", "--endpoint", hub.endpoint("raw")], in: folder)
        #expect(absent.status == 65 && absent.err.contains("404"), "\(absent.err)")
        let preset = try run(["eval", "--preset", "nonsense", "--model", Tiny.yuan], in: folder)
        #expect(preset.status == 64 && preset.err.contains("yuan2-humaneval-zh"), "\(preset.err)")
    }
}
