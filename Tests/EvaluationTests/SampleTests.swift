import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct SampleTests {
    func dataset() throws -> Dataset {
        try DatasetLoader.load(file: Fixtures.url("evaluation/tiny-humaneval.jsonl.gz"))
    }

    @Test func samplesKeepTheirOrderAndIndex() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            {"task_id": "Tiny/1", "completion": "    return xs[-1] # good\\n", "other": 1}
            {"task_id": "Tiny/1", "completion": "    return 1\\n"}

            {"task_id": "Tiny/1", "solution": "good = 1\\n", "completion": "ignored"}
            """, to: "samples.jsonl")
        let dataset = try dataset()
        let samples = try SampleSet.read(contentsOf: file, dataset: dataset)
        #expect(samples.samples.map(\.index) == [0, 1, 2])
        #expect(samples.problems.map(\.id) == ["Tiny/1"])
        let runner = WordRunner(passing: "good")
        let evaluator = try SampleEvaluator(samples: samples, dataset: dataset, runner: runner, workers: 3)
        var records: [(Int, String, String)] = []
        for try await event in evaluator.events() {
            if case .finished(let all) = event { records = all.map { ($0.sample, $0.verdict, $0.extracted) } }
        }
        #expect(records.map(\.0) == [0, 1, 2])
        #expect(records.map(\.1) == ["passed", "failed", "passed"])
        #expect(records[0].2.hasPrefix("from typing import List\n\ndef helper"))
        #expect(records[0].2.hasSuffix("    return xs[-1] # good\n"))
        #expect(records[2].2 == "good = 1\n")
        #expect(throws: EvaluationError.self) {
            try SampleEvaluator(samples: samples, dataset: dataset, runner: runner, extraction: "magic")
        }
    }

    @Test(arguments: [
        (#"{"task_id": "Other/1", "completion": "x"}"#, "samples.jsonl:2: task_id \"Other/1\" is not in data set"),
        (#"{"task_id": "Tiny/1"}"#, "samples.jsonl:2: a sample needs a \"completion\" or a \"solution\""),
        (#"{"completion": "x"}"#, "samples.jsonl:2: key \"task_id\" is missing"),
        (
            #"{"task_id": "Tiny/1", "completion": 5}"#,
            "samples.jsonl:2: key \"completion\" must be a string, found 5"
        ),
        ("nonsense", "samples.jsonl:2: invalid JSON"),
    ])
    func badSamplesNameTheirPlace(_ row: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            #"{"task_id": "Tiny/0", "completion": "x"}"# + "\n" + row + "\n", to: "samples.jsonl")
        let error = #expect(throws: EvaluationError.self) {
            try SampleSet.read(contentsOf: file, dataset: try dataset())
        }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test func mbppSamplesMayNameTheBareNumber() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "{\"task_id\": 11, \"solution\": \"x\"}\n{\"task_id\": \"Mbpp/11\", \"solution\": \"x\"}\n", to: "s.jsonl")
        let samples = try SampleSet.read(
            contentsOf: file, dataset: try DatasetLoader.load(file: Fixtures.url("evaluation/mbpp.jsonl")))
        #expect(samples.samples.map(\.index) == [0, 1])
    }
}
