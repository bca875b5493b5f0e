import Foundation
import RunRecords
import TestSupport
import Testing

/// Several samples a problem through the command: the same at any batch size, in shards, and after an interruption.
struct SamplingTests {
    private func arguments(output: String, batch: Int = 8, seed: Int = 7) -> [String] {
        [
            "eval", "--model", Tiny.yuan, "--dataset", "yuanbench-exact", "--dtype", "bf16", "--limit", "5",
            "--max-new-tokens", "10", "--batch-size", "\(batch)", "--prompt", "completion", "--output", output,
            "--quiet",
            "--temperature", "0.8", "--top-k", "50", "--top-p", "0.95", "--seed", "\(seed)", "--samples", "4", "--k",
            "1,2,4",
        ]
    }

    private func report(_ name: String, in folder: Folder) throws -> Report {
        try ReportCoding.decode(Data(contentsOf: folder.url.appendingPathComponent("\(name)/report.json")))
    }

    private func answers(_ report: Report) -> [String] {
        report.runs.flatMap { $0.problems.map { "\($0.id) \($0.sample) \($0.verdict) \($0.tokensSha256 ?? "")" } }
    }

    @Test func theSameSamplesHoweverTheyAreMade() throws {
        let folder = try Folder()
        #expect(try Command.run(arguments(output: "whole"), in: folder.url).status == 0)
        let whole = try report("whole", in: folder)
        let run = whole.runs[0]
        #expect(run.problems.count == 20 && run.dataset.problems == 5 && run.accuracy.total == 20)
        #expect(run.problems.prefix(4).map(\.sample) == [0, 1, 2, 3])
        #expect(run.settings.decoding == "temperature 0.8, top-k 50, top-p 0.95, seed 7, 4 samples")
        #expect(run.accuracy.passAtK.map(\.k) == [1, 2, 4])
        #expect(Set(run.problems.compactMap(\.tokensSha256)).count > 10, "samples differ")

        let narrow = arguments(output: "narrow", batch: 1) + ["--no-speculation", "--threads", "1"]
        #expect(try Command.run(narrow, in: folder.url).status == 0)
        #expect(try answers(report("narrow", in: folder)) == answers(whole))
        #expect(try Command.run(arguments(output: "other", seed: 8), in: folder.url).status == 0)
        #expect(try answers(report("other", in: folder)) != answers(whole))

        for index in 1...2 {
            let part = arguments(output: "part-\(index)") + ["--shard", "\(index)/2"]
            #expect(try Command.run(part, in: folder.url).status == 0)
        }
        #expect(try Command.run(["merge", "part-1", "part-2", "--output", "joined"], in: folder.url).status == 0)
        #expect(try answers(report("joined", in: folder)) == answers(whole))
        #expect(try report("joined", in: folder).runs[0].accuracy == run.accuracy)
        let verified = try Command.run(["verify", "whole"], in: folder.url)
        #expect(verified.status == 0, "\(verified.out)\(verified.err)")

        // Interrupted after six answers.
        let journal = folder.url.appendingPathComponent("whole/results.jsonl")
        let lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
        try Data((lines.prefix(6).joined(separator: "\n") + "\n").utf8).write(to: journal)
        #expect(try Command.run(arguments(output: "whole", batch: 3) + ["--resume"], in: folder.url).status == 0)
        #expect(try answers(report("whole", in: folder)) == answers(whole))
        let reseeded = try Command.run(arguments(output: "whole", seed: 9) + ["--resume"], in: folder.url)
        #expect(reseeded.status == 65 && reseeded.err.contains("decoding is temperature 0.8"), "\(reseeded.err)")
    }

    @Test func requestsThatMakeNoSense() throws {
        let folder = try Folder()
        for (arguments, words) in [
            (["--samples", "3"], "needs a --temperature"), (["--top-k", "5"], "need a --temperature"),
            (["--temperature", "1001"], "--temperature is 1001.0"),
            (["--temperature", "1", "--top-p", "0"], "--top-p is 0.0"),
            (["--temperature", "1", "--top-k", "0"], "--top-k is 0"), (["--temperature", "nan"], "--temperature"),
            (["--temperature", "1", "--samples", "4", "--k", "5"], "at least 5 samples"),
            (["--temperature", "1", "--samples", "4", "--k", "0"], "--k"), (["--k", "2"], "at least 2 samples"),
        ] {
            let run = try Command.run(["eval", "--model", Tiny.yuan] + arguments, in: folder.url)
            #expect(run.status == 64 && run.err.contains(words), "\(arguments): \(run.err)")
        }
        let run = try Command.run(["precision", "--temperature", "1"], in: folder.url)
        #expect(run.status == 64 && run.err.contains("leave out --temperature"), "\(run.err)")
    }

    @Test func generateDrawsBySeed() throws {
        let folder = try Folder()
        func text(_ options: [String]) throws -> String {
            let run = try Command.run(
                ["generate", "--prompt-ids", "5,17,42", "--model", Tiny.yuan, "--max-new-tokens", "12", "--tokens"]
                    + options, in: folder.url)
            #expect(run.status == 0, "\(run.err)")
            return run.out
        }
        let one = try text(["--temperature", "1", "--seed", "1"])
        #expect(try text(["--temperature", "1", "--seed", "1"]) == one)
        #expect(try text(["--temperature", "1", "--seed", "2"]) != one)
        #expect(try text(["--temperature", "0"]) == text([]))
    }
}
