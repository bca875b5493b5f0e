import Foundation
import RunRecords
import TestSupport
import Testing

/// The main job on a tiny checkpoint: two dtypes in one report, killed and resumed.
struct EvalTests {
    private func arguments(output: String) -> [String] {
        [
            "eval", "--model", Tiny.yuan, "--dataset", "yuanbench-exact", "--dtype", "bf16,fp16", "--limit", "16",
            "--max-new-tokens", "60", "--batch-size", "2", "--prompt", "completion", "--output", output, "--quiet",
        ]
    }

    private func report(in folder: String) throws -> Report {
        try ReportCoding.decode(Data(contentsOf: URL(fileURLWithPath: folder + "/report.json")), name: "report.json")
    }

    /// What must not depend on interruptions: everything that is not a measurement.
    private func answers(_ report: Report) -> [[String]] {
        report.runs.map { run in
            run.problems.map { "\($0.id) \($0.verdict) \($0.tokensSha256 ?? "") \($0.completion)" }
        }
    }

    @Test func twoDtypesInOneReport() throws {
        let folder = try Folder()
        let run = try Command.run(arguments(output: "run") + ["--json"], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let written = try report(in: folder.url.path + "/run")
        #expect(written.runs.map(\.settings.dtype) == ["bf16", "fp16"])
        #expect(written.runs.allSatisfy { $0.problems.count == 16 && $0.accuracy.total == 16 })
        #expect(written.runs.allSatisfy { ($0.memory?.peakRssBytes ?? 0) > 0 && $0.throughput != nil })
        let printed = try ReportCoding.decode(Data(run.out.utf8), name: "stdout")
        #expect(printed == written)
        for name in ["run.json", "results.jsonl", "report.md"] {
            #expect(FileManager.default.fileExists(atPath: folder.url.path + "/run/" + name))
        }
    }

    @Test func aTemplateThatAlwaysFailsIsNoScore() throws {
        let folder = try Folder()
        let model = folder.url.appendingPathComponent("model")
        try FileManager.default.copyItem(atPath: Tiny.yuan, toPath: model.path)
        _ = try folder.write("{{ raise_exception('no roles here') }}", to: "model/chat_template.jinja")
        let run = try Command.run(
            [
                "eval", "--model", model.path, "--dataset", "yuanbench-exact", "--limit", "2", "--prompt", "chat",
                "--output", "run", "--quiet",
            ], in: folder.url)
        #expect(run.status == 65, "\(run.err)")
        #expect(run.err.contains("no problem of yuanbench-exact was answered") && run.err.contains("no roles here"))
    }

    @Test func killedAndResumedIsTheSame() throws {
        let folder = try Folder()
        #expect(try Command.run(arguments(output: "whole"), in: folder.url).status == 0)
        let whole = answers(try report(in: folder.url.path + "/whole"))

        let journal = folder.url.path + "/run/results.jsonl"
        func lines() -> Int {
            (try? String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n").count) ?? 0
        }
        let goals = [1, 9, 20]
        for (turn, goal) in goals.enumerated() {
            let process = Command.process(
                arguments(output: "run") + (turn == 0 ? [] : ["--resume"]), in: folder.url)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            while process.isRunning && lines() < goal { usleep(2000) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: journal))
        let run = try Command.run(arguments(output: "run") + ["--resume"], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        #expect(answers(try report(in: folder.url.path + "/run")) == whole)
        // Nothing that was finished is done again: what was there stands, and every problem once a dtype.
        let after = try Data(contentsOf: URL(fileURLWithPath: journal))
        let kept = before.prefix(through: before.lastIndex(of: UInt8(ascii: "\n")) ?? before.startIndex)
        #expect(after.starts(with: kept))
        #expect(after.count { $0 == UInt8(ascii: "\n") } == 32)
    }

    @Test func anInterruptKeepsWhatIsFinished() throws {
        let folder = try Folder()
        let process = Command.process(arguments(output: "run"), in: folder.url)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let journal = folder.url.path + "/run/results.jsonl"
        while process.isRunning && ((try? Data(contentsOf: URL(fileURLWithPath: journal)))?.isEmpty ?? true) {
            usleep(2000)
        }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        #expect(try Command.run(arguments(output: "run") + ["--resume"], in: folder.url).status == 0)
    }

    @Test func aFullDiskLosesNothing() throws {
        let folder = try Folder()
        // Files may grow to 8 blocks of 1024 bytes: room for some records, not for all.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "ulimit -f 8; exec \"$0\" \"$@\"", Command.binary.path] + arguments(output: "run")
        process.currentDirectoryURL = folder.url
        let errors = folder.url.appendingPathComponent("err")
        try Data().write(to: errors)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        let said = try String(contentsOf: errors, encoding: .utf8)
        #expect(process.terminationReason == .exit && process.terminationStatus == 74, "\(said)")
        let journal = folder.url.path + "/run/results.jsonl"
        let safe = try String(contentsOfFile: journal, encoding: .utf8)
        #expect(safe.isEmpty || safe.hasSuffix("\n"))
        #expect(try Command.run(arguments(output: "run") + ["--resume"], in: folder.url).status == 0)
        #expect(try String(contentsOfFile: journal, encoding: .utf8).hasPrefix(safe))
    }
}
