import Foundation
import TestSupport
import Testing

/// One sentence with file, place and mend, the exit code of PRODUCT.md, and never a crash.
struct BadInputTests {
    private func expect(
        _ arguments: [String], exits status: Int32, saying words: [String], in folder: Folder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let run = try Command.run(arguments, in: folder.url)
        #expect(!run.wasKilled, "\(run.err)", sourceLocation: sourceLocation)
        #expect(run.status == status, "\(run.err)", sourceLocation: sourceLocation)
        for word in words { #expect(run.err.contains(word), "\(run.err)", sourceLocation: sourceLocation) }
    }

    @Test func wrongUse() throws {
        let folder = try Folder()
        try expect(["frobnicate"], exits: 64, saying: ["frobnicate"], in: folder)
        try expect(["eval", "--model", Tiny.yuan, "--dtype", "int8"], exits: 64, saying: ["int8", "bf16"], in: folder)
        try expect(["eval", "--model", Tiny.yuan, "--limit", "0"], exits: 64, saying: ["--limit"], in: folder)
        try expect(["generate", "--model", Tiny.yuan], exits: 64, saying: ["--prompt-ids"], in: folder)
        try expect(["eval", "--model", Tiny.yuan, "--resume"], exits: 64, saying: ["--output"], in: folder)
    }

    /// An empty path is a variable that was not set, not the current folder.
    @Test(arguments: [
        ["eval", "--output", ""], ["eval", "--dataset", ""], ["eval", "--baseline", ""], ["eval", "--model", ""],
        ["bench", "--output", ""], ["compare", "a", "b", "--output", ""], ["merge", "a", "--output", ""],
        ["score", "s.jsonl", "--dataset", ""], ["verify", "a", "--model", ""], ["generate", "--prompt-file", ""],
    ])
    func emptyPaths(_ arguments: [String]) throws {
        let option = arguments[arguments.count - 2]
        try expect(arguments, exits: 64, saying: ["\(option) is empty"], in: try Folder())
    }

    @Test func promptsThatCannotBeRead() throws {
        let folder = try Folder()
        for (path, word) in [(".", "name a file in it"), ("nowhere", "name one that is there")] {
            try expect(
                ["generate", "--model", Tiny.yuan, "--prompt-file", path], exits: 65,
                saying: ["\(path): cannot be read", word], in: folder)
        }
    }

    @Test func modelsThatAreNone() throws {
        let folder = try Folder()
        try expect(["eval", "--model", "/nowhere/model"], exits: 65, saying: ["/nowhere/model"], in: folder)
        let empty = folder.url.appendingPathComponent("empty")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        try expect(["eval", "--model", empty.path], exits: 65, saying: ["empty", "model.safetensors"], in: folder)
        let text = try folder.write("not a model", to: "model.gguf")
        try expect(["model", "inspect", text], exits: 65, saying: ["model.gguf"], in: folder)
    }

    /// A folder with the tiny Yuan2 and nothing but safetensors, and that file.
    private func copyOfTheTinyModel(in folder: Folder) throws -> (model: URL, weights: URL) {
        let copy = folder.url.appendingPathComponent("model")
        try FileManager.default.copyItem(atPath: Tiny.yuan, toPath: copy.path)
        try FileManager.default.removeItem(at: copy.appendingPathComponent("pytorch_model.bin"))
        return (copy, copy.appendingPathComponent("model.safetensors"))
    }

    /// Every prefix of a checkpoint's weights is refused by name.
    @Test func truncatedCheckpoints() throws {
        let folder = try Folder()
        let (copy, weights) = try copyOfTheTinyModel(in: folder)
        let whole = try Data(contentsOf: weights)
        for length in [0, 7, 100, whole.count / 2, whole.count - 1] {
            try whole.prefix(length).write(to: weights)
            try expect(
                ["generate", "--model", copy.path, "--prompt-ids", "5", "--tokens"], exits: 65,
                saying: ["model.safetensors"], in: folder)
        }
    }

    /// Weights that are no numbers end in no answer, and are said to.
    @Test func weightsThatAreNoNumbers() throws {
        let folder = try Folder()
        let (copy, weights) = try copyOfTheTinyModel(in: folder)
        var bytes = try Data(contentsOf: weights)
        let length = Int(bytes[0]) + Int(bytes[1]) << 8 + Int(bytes[2]) << 16
        let header = try #require(
            JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: [String: Any]])
        let place = try #require(header["model.norm.weight"]?["data_offsets"] as? [Int])
        for offset in place[0]..<place[1] { bytes[8 + length + offset] = 0xFF }
        try bytes.write(to: weights)
        try expect(
            ["generate", "--model", copy.path, "--prompt-ids", "5", "--tokens"], exits: 65,
            saying: ["no logit is finite", "--dtype fp32"], in: folder)
    }

    @Test func aTokenizerOfAnotherModel() throws {
        let folder = try Folder()
        let copy = folder.url.appendingPathComponent("model")
        try FileManager.default.copyItem(atPath: Fixtures.url("golden/llama-tiny").path, toPath: copy.path)
        let tokenizer = copy.appendingPathComponent("tokenizer.json")
        try? FileManager.default.removeItem(at: tokenizer)
        let words = (0..<5000).map { "\"w\($0)\":\($0)" }.joined(separator: ",")
        try Data("{\"version\":\"1.0\",\"model\":{\"type\":\"BPE\",\"vocab\":{\(words)},\"merges\":[]}}".utf8)
            .write(to: tokenizer)
        try expect(
            ["generate", "hello", "--model", copy.path], exits: 65, saying: ["tokenizer"], in: folder)
        try expect(["model", "inspect", copy.path], exits: 65, saying: ["the tokenizer names 5000 tokens"], in: folder)
    }

    @Test func dataSetsThatAreNone() throws {
        let folder = try Folder()
        let broken = try folder.write("{\"task_id\": \"a\"}\n{\"task_id\":", to: "problems.jsonl")
        try expect(
            ["eval", "--model", Tiny.yuan, "--dataset", broken], exits: 65, saying: ["problems.jsonl"], in: folder)
        try expect(
            ["eval", "--model", Tiny.yuan, "--dataset", "no-such-set"], exits: 65, saying: ["no-such-set"], in: folder)
        let samples = try folder.write(
            "{\"task_id\": \"python/001\", \"completion\": \"x\"}\nnot json\n", to: "s.jsonl")
        try expect(
            ["score", samples, "--dataset", "yuanbench-python"], exits: 65, saying: ["s.jsonl:2", "JSON"], in: folder)
    }

    @Test func promptsThatDoNotFit() throws {
        let folder = try Folder()
        let long = (0..<600).map { _ in "5" }.joined(separator: ",")
        try expect(
            ["generate", "--model", Tiny.yuan, "--prompt-ids", long], exits: 65, saying: ["600", "512"], in: folder)
        try expect(
            ["generate", "--model", Tiny.yuan, "--prompt-ids", "999999"], exits: 65, saying: ["999999"], in: folder)
    }

    /// A named pipe would be waited for until somebody writes.
    @Test func reportsThatAreNone() throws {
        let folder = try Folder()
        let run = folder.url.appendingPathComponent("run")
        try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
        for arguments in [["report", "run"], ["verify", "run"], ["compare", "run", "run"]] {
            try expect(arguments, exits: 65, saying: ["run/report.json", "eval --resume"], in: folder)
        }
        #expect(mkfifo(run.appendingPathComponent("report.json").path, 0o600) == 0)
        for arguments in [["report", "run"], ["verify", "run"], ["compare", "run", "run"]] {
            try expect(arguments, exits: 65, saying: ["run/report.json", "not a regular file"], in: folder)
        }
        try expect(["merge", "run", "run", "--output", "all"], exits: 65, saying: ["not a regular file"], in: folder)
    }

    @Test func foldersThatCannotBeWritten() throws {
        let folder = try Folder()
        let file = try folder.write("", to: "file")
        try expect(
            ["eval", "--model", Tiny.yuan, "--dataset", "yuanbench-exact", "--limit", "1", "--output", file + "/run"],
            exits: 74, saying: ["file/run"], in: folder)
    }
}
