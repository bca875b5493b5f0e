import Foundation
import RunRecords
import TestSupport
import Testing

/// Commands without `--model` use yuan2-nano, wherever they run.
struct EmbeddedModelTests {
    @Test func itIsListedAndInspected() throws {
        let folder = try Folder()
        let list = try Command.run(["model", "list"], in: folder.url)
        #expect(list.status == 0 && list.out.contains("yuan2-nano"), "\(list.err)")
        let inspect = try Command.run(["model", "inspect", "yuan2-nano", "--finite"], in: folder.url)
        #expect(inspect.status == 0, "\(inspect.err)")
        for word in ["yuan", "bf16", "2048"] { #expect(inspect.out.contains(word), "\(inspect.out)") }
    }

    @Test func generateNeedsNoModel() throws {
        let folder = try Folder()
        let run = try Command.run(
            ["generate", "def first_two(word: str) -> str:\n", "--max-new-tokens", "8", "--tokens"], in: folder.url)
        #expect(run.status == 0 && run.out.contains("\"ids\""), "\(run.err)")
    }

    /// It solves some of the first problems by itself, in every dtype.
    @Test func evalScoresMoreThanNothing() throws {
        let folder = try Folder()
        let run = try Command.run(
            ["eval", "--limit", "20", "--dtype", "bf16,fp16,fp32", "--output", "run", "--quiet"], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let data = try Data(contentsOf: folder.url.appendingPathComponent("run/report.json"))
        let report = try ReportCoding.decode(data, name: "report.json")
        #expect(report.runs.count == 3)
        for one in report.runs {
            #expect(
                one.problems.count == 20 && one.problems.contains { $0.verdict == Verdicts.passed },
                "\(one.settings.dtype)")
        }
    }

    @Test func aFullTemporaryFolderIsSaidSo() throws {
        let folder = try Folder()
        let process = Command.process(["generate", "x", "--max-new-tokens", "1"], in: folder.url)
        process.environment?["TMPDIR"] = folder.url.path + "/nowhere/at/all"
        let error = Pipe()
        process.standardError = error
        process.standardOutput = FileHandle.nullDevice
        // A plain file where the folder should be.
        _ = try folder.write("", to: "nowhere")
        try process.run()
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 74 && said.contains("TMPDIR"), "\(said)")
    }
}
