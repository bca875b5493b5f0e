import Evaluation
import Foundation
import Generation
import RunRecords
import TestSupport
import Testing

@Suite struct EvaluatorTests {
    let names = ["a", "b", "c", "d"]

    func plan(_ folder: TemporaryFolder, skip: [String: String] = [:]) throws -> EvaluationPlan {
        var dataset = try TinySets.writePython(names, to: folder)
        dataset.declaration.skip = skip
        return try EvaluationPlan(dataset: dataset, mode: .style(.completion))
    }

    @Test func recordsComeInOrderWithEveryFact() async throws {
        let folder = try TemporaryFolder()
        let generator = TableGenerator(["t/a": "    return 'good'\n\ndef x", "t/b": "    return 'bad'", "t/d": "good"])
        let runner = WordRunner(passing: "good")
        let evaluator = try Evaluator(
            plan: try plan(folder, skip: ["t/d": "broken"]), generator: generator, runner: runner, workers: 2)
        let records = try await evaluator.records()
        #expect(records.map(\.id) == ["t/a", "t/b", "t/c", "t/d"])
        #expect(records.map(\.verdict) == ["passed", "failed", "infrastructure", "skipped"])
        #expect(records[1].detail == "AssertionError")
        #expect(records[2].detail == "the prompt is too long")
        #expect(records[3].detail == "broken")
        #expect(records[0].extracted == "def a():\n    return 'good'\n")
        #expect(records[0].completion == "    return 'good'\n\ndef x")
        #expect(records[0].extraction == "stop-strings")
        #expect(records[0].promptTokens == 3)
        #expect(records[0].generatedTokens == 2)
        #expect(records[0].finishReason == "eos")
        #expect(records[0].ttftS == 0.5)
        #expect(records[0].generationS == 1.0)
        #expect(records[0].testCpuS == 0.01)
        #expect(records[0].verdictIntegrity == "separate-judge")
        // SHA-256 of 05 00 00 00 02 01 00 00.
        #expect(records[0].tokensSha256 == "a9f1ae188e983c31aad785dd6ede91dbd87b69a625a55a7ddc13b15a8d7c27a9")
        #expect(generator.asked.withLock { $0.map(\.id) } == ["t/a", "t/b", "t/c"])
        #expect(runner.jobs.withLock { $0.first { $0.candidate.hasPrefix("def a") }?.tests } == "assert a() == 'a'\n")
    }

    @Test func eventsTellTheWholeStory() async throws {
        let folder = try TemporaryFolder()
        let generator = TableGenerator(Dictionary(uniqueKeysWithValues: names.map { ("t/\($0)", "good") }))
        let evaluator = try Evaluator(plan: try plan(folder), generator: generator, runner: WordRunner(passing: "good"))
        var story: [String] = []
        for try await event in evaluator.events() {
            switch event {
            case .started(let total, let done): story.append("started \(total) \(done)")
            case .generated(let id, let tokens): story.append("generated \(id) \(tokens)")
            case .scored(let record): story.append("scored \(record.id)")
            case .finished(let records): story.append("finished \(records.count)")
            }
        }
        #expect(story.first == "started 4 0")
        #expect(story.last == "finished 4")
        #expect(Set(story).count == 10)
        for name in names {
            let generated = try #require(story.firstIndex(of: "generated t/\(name) 2"))
            #expect(generated < (try #require(story.firstIndex(of: "scored t/\(name)"))))
        }
    }

    @Test func resumeRepeatsNothingAndLosesNothing() async throws {
        let folder = try TemporaryFolder()
        let plan = try plan(folder)
        let identity = plan.identity(key: "run", extra: [:])
        let directory = folder.url.appendingPathComponent("out")
        let answers = Dictionary(uniqueKeysWithValues: names.map { ("t/\($0)", "good") })
        do {
            let journal = try Journal(directory: directory, manifest: manifest([identity]), resume: false)
            let broken = TableGenerator(answers, endsAfter: 2)
            await #expect(throws: TableGenerator.Ended.self) {
                try await Evaluator(
                    plan: plan, generator: broken, runner: WordRunner(passing: "good"), journal: journal
                ).records()
            }
        }
        #expect(try Journal.records(in: directory)["run"]?.count == 2)
        let journal = try Journal(directory: directory, manifest: manifest([identity]), resume: true)
        let generator = TableGenerator(answers)
        let runner = WordRunner(passing: "good")
        let records = try await Evaluator(plan: plan, generator: generator, runner: runner, journal: journal).records()
        #expect(records.map(\.id) == ["t/a", "t/b", "t/c", "t/d"])
        #expect(generator.asked.withLock { $0.map(\.id) } == ["t/a", "t/b"])
        #expect(runner.jobs.withLock { $0.count { $0.candidate.contains("good") } } == 2)
        #expect(try folder.read("out/results.jsonl").count { $0 == 0x0A } == 4)
    }

    @Test func severalSamplesAProblem() async throws {
        let folder = try TemporaryFolder()
        let dataset = try TinySets.writePython(names, to: folder)
        let sampling = SamplingRecord(temperature: 0.7, topK: 40, topP: 0.9, seed: 5, samples: 3)
        let plan = try EvaluationPlan(
            dataset: dataset, mode: .style(.completion), ids: ["t/a", "t/b"], sampling: sampling)
        let directory = folder.url.appendingPathComponent("out")
        let identity = plan.identity(key: "run", extra: [:])
        #expect(identity.settings["decoding"] == "temperature 0.7, top-k 40, top-p 0.9, seed 5, 3 samples")
        let ids = plan.answers.map(\.request.id)
        #expect(Set(ids).count == 6 && ids[0] == "t/a" && ids[3] == "t/b")
        #expect(
            plan.answers[4].request.sampling
                == Sampling(temperature: 0.7, topK: 40, topP: 0.9, seed: 5, problem: "t/b", sample: 1))
        let answers = Dictionary(uniqueKeysWithValues: zip(ids, ["good", "bad", "good", "bad", "bad", "good"]))
        do {
            let journal = try Journal(directory: directory, manifest: manifest([identity]), resume: false)
            let broken = TableGenerator(answers, endsAfter: 4)
            await #expect(throws: TableGenerator.Ended.self) {
                try await Evaluator(
                    plan: plan, generator: broken, runner: WordRunner(passing: "good"), journal: journal
                ).records()
            }
        }
        let journal = try Journal(directory: directory, manifest: manifest([identity]), resume: true)
        let generator = TableGenerator(answers)
        let records = try await Evaluator(
            plan: plan, generator: generator, runner: WordRunner(passing: "good"), journal: journal
        ).records()
        #expect(generator.asked.withLock { $0.map(\.id) } == Array(ids[..<2]))
        #expect(records.map(\.id) == ["t/a", "t/a", "t/a", "t/b", "t/b", "t/b"])
        #expect(records.map(\.sample) == [0, 1, 2, 0, 1, 2])
        #expect(records.map(\.verdict) == ["passed", "failed", "passed", "failed", "failed", "passed"])
        #expect(AccuracyRecord(metric: "pass@1", records: records, ks: [3]).passAtK.map(\.value) == [1])
    }

    @Test func harnessFailuresAreTriedAgainOnResume() async throws {
        let folder = try TemporaryFolder()
        let plan = try plan(folder)
        let identity = plan.identity(key: "run", extra: [:])
        let directory = folder.url.appendingPathComponent("out")
        var answers = ["t/a": "good", "t/b": "good", "t/c": "bad"]
        do {
            let journal = try Journal(directory: directory, manifest: manifest([identity]), resume: false)
            _ = try await Evaluator(
                plan: plan, generator: TableGenerator(answers), runner: WordRunner(passing: "good"), journal: journal
            ).records()
        }
        answers["t/d"] = "good"
        let journal = try Journal(directory: directory, manifest: manifest([identity]), resume: true)
        let generator = TableGenerator(answers)
        let records = try await Evaluator(
            plan: plan, generator: generator, runner: WordRunner(passing: "good"), journal: journal
        ).records()
        #expect(generator.asked.withLock { $0.map(\.id) } == ["t/d"])
        #expect(records.map(\.verdict) == ["passed", "passed", "failed", "passed"])
    }

    @Test func cancellationKeepsWhatWasFinished() async throws {
        let folder = try TemporaryFolder()
        let plan = try plan(folder)
        let identity = plan.identity(key: "run", extra: [:])
        let directory = folder.url.appendingPathComponent("out")
        let journal = try Journal(directory: directory, manifest: manifest([identity]), resume: false)
        let hanging = HangingGenerator(first: "t/b")
        let evaluator = try Evaluator(
            plan: plan, generator: hanging, runner: WordRunner(passing: "good"), journal: journal)
        let task = Task {
            for try await event in evaluator.events() {
                if case .scored = event { return true }
            }
            return false
        }
        #expect(try await task.value)
        #expect(try Journal.records(in: directory)["run"]?.map(\.id) == ["t/b"])
        // Leaving the loop ends the stream, which stops the generator.
        for _ in 0..<100 where !hanging.stopped.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(20)) }
        #expect(hanging.stopped.withLock { $0 })
    }

    @Test func exactMatchRunsNothing() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            #"{"id": "1", "prompt": "1+1=", "answer": "2"}"# + "\n" + #"{"id": "2", "prompt": "2+2=", "answer": "4"}"#
                + "\n",
            to: "sums.jsonl")
        let plan = try EvaluationPlan(dataset: try DatasetLoader.load(file: file), mode: .style(.completion))
        let runner = WordRunner(passing: "")
        let records = try await Evaluator(
            plan: plan, generator: TableGenerator(["1": " 2\n3+3=6", "2": "5"]), runner: runner
        ).records()
        #expect(records.map(\.verdict) == ["passed", "failed"])
        #expect(records[1].detail == "expected \"4\", found \"5\"")
        #expect(records[0].extracted == " 2\n3+3=6")
        #expect(records[0].verdictIntegrity == nil)
        #expect(plan.metric == "exact_match")
        #expect(runner.jobs.withLock { $0.isEmpty })
    }

    @Test func verifierCountsAndNamesFailures() async throws {
        let folder = try TemporaryFolder()
        var dataset = try TinySets.writePython(names, to: folder)
        dataset.declaration.skip = ["t/d": "broken"]
        let result = await (try DatasetVerifier(dataset: dataset, runner: WordRunner(passing: "def a"), workers: 2))
            .verify()
        #expect(result.passed == 1)
        #expect(result.total == 3)
        #expect(result.failures.map(\.id) == ["t/b", "t/c"])
        #expect(result.skipped == ["t/d": "broken"])
    }

    /// In a process of its own, since a limit on file sizes holds for all of a process.
    @Test func aFullDiskEndsTheRun() async throws {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let plan = try EvaluatorTests().plan(folder)
            let directory = folder.url.appendingPathComponent("out")
            let journal = try Journal(
                directory: directory, manifest: manifest([plan.identity(key: "run", extra: [:])]), resume: false)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 600, rlim_max: 600)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let generator = TableGenerator(["t/a": "good", "t/b": "good", "t/c": "good", "t/d": "good"])
            let evaluator = try Evaluator(
                plan: plan, generator: generator, runner: WordRunner(passing: "good"), journal: journal)
            let error = await #expect(throws: EvaluationError.self) { try await evaluator.records() }
            #expect(error?.kind == .cannotWrite)
            #expect(error?.message.contains("1 results are safe") == true)
            #expect(try Journal.records(in: directory)["run"]?.count == 1)
        }
    }
}
