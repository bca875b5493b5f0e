import Evaluation
import Foundation
import Generation
import TestSupport
import Testing

@Suite struct PromptTests {
    @Test func templatesReplaceFieldsAndLeaveOtherBraces() throws {
        let fields = ["a": "{b}", "b": "2"]
        #expect(
            try Template("{a} {b} {} {'x': 1} {A} { a } {{b}}").render { fields[$0] }
                == "{b} 2 {} {'x': 1} {A} { a } {2}")
        #expect(throws: Template.UnknownField(name: "c")) { try Template("{c}").render { fields[$0] } }
    }

    @Test func stylesAndLanguages() throws {
        let folder = try TemporaryFolder()
        let dataset = try TinySets.writePython(["a"], to: folder)
        let completion = try PromptBuilder(dataset: dataset, mode: .style(.completion)).task(for: dataset.problems[0])
        #expect(completion.prompt == .text("def a():\n"))
        #expect(completion.extraction == "stop-strings")
        #expect(completion.request.stop == ["\ndef "])
        #expect(completion.request.maxNewTokens == 64)
        let chat = try PromptBuilder(dataset: dataset, mode: .style(.chat), language: "zh")
            .task(for: dataset.problems[0], maxNewTokens: 7)
        #expect(
            chat.request.prompt
                == .chat(
                    [ChatMessage(role: .system, content: "Be brief."), ChatMessage(role: .user, content: "返回 a。")],
                    prefill: "```python\n"))
        #expect(chat.maxNewTokens == 7)
        #expect(chat.extraction == "fenced-block")
        #expect(throws: EvaluationError.self) {
            try PromptBuilder(dataset: dataset, mode: .style(.chat), language: "fr")
        }
    }

    @Test func autoFollowsDataSetThenModel() throws {
        let folder = try TemporaryFolder()
        var declaration = try TinySets.writePython(["a"], to: folder).declaration
        for (style, template, expected) in [
            (PromptStyle.completion, true, PromptStyle.completion), (.chat, true, .chat), (.chat, false, .completion),
            (nil, true, .chat), (nil, false, .completion),
        ] as [(PromptStyle?, Bool, PromptStyle)] {
            declaration.prompt.style = style
            #expect(PromptMode.auto.resolved(for: declaration, modelHasChatTemplate: template) == .style(expected))
        }
        #expect(PromptMode.yuan.resolved(for: declaration, modelHasChatTemplate: true) == .yuan)
        #expect(PromptMode.chat.resolved(for: declaration, modelHasChatTemplate: false) == .style(.chat))
    }

    @Test func unknownFieldNamesRowAndMend() throws {
        let folder = try TemporaryFolder()
        var dataset = try TinySets.writePython(["a"], to: folder)
        dataset.declaration.prompt.templates.completion = "{promt}"
        let error = #expect(throws: EvaluationError.self) {
            try EvaluationPlan(dataset: dataset, mode: .style(.completion))
        }
        #expect(error?.message.contains("problems.jsonl:1: a prompt template names {promt}") == true)
    }

    @Test func yuanProtocol() throws {
        let dataset = try DatasetLoader.load(file: Fixtures.url("evaluation/tiny-humaneval.jsonl.gz"))
        #expect(throws: EvaluationError.self) { try EvaluationPlan(dataset: dataset, mode: .yuan) }
        let prompts = YuanPrompts(file: "p", prompts: ["Tiny/0": "问题：\n```python\ndef add(a, b):\n"])
        let plan = try EvaluationPlan(dataset: dataset, mode: .yuan, ids: ["Tiny/0"], yuanPrompts: prompts)
        #expect(plan.tasks[0].request.prompt == .text("问题：\n```python\ndef add(a, b):\n"))
        #expect(plan.tasks[0].request.maxNewTokens == 511)
        #expect(plan.tasks[0].request.stop == ["```"])
        #expect(plan.extraction == "yuan-humaneval")
        #expect(throws: EvaluationError.self) {
            try EvaluationPlan(dataset: dataset, mode: .yuan, yuanPrompts: prompts)
        }
    }

    @Test func identityFollowsEveryWordOfThePrompt() throws {
        let folder = try TemporaryFolder()
        var dataset = try TinySets.writePython(["a", "b"], to: folder)
        let before = try EvaluationPlan(dataset: dataset, mode: .style(.completion)).identity(
            key: "k", extra: ["dtype": "bf16"])
        let same = try EvaluationPlan(dataset: dataset, mode: .style(.completion)).identity(
            key: "k", extra: ["dtype": "bf16"])
        #expect(before.hash == same.hash)
        dataset.declaration.prompt.templates.completion = "{prompt} "
        let after = try EvaluationPlan(dataset: dataset, mode: .style(.completion)).identity(
            key: "k", extra: ["dtype": "bf16"])
        #expect(before.hash != after.hash)
        #expect(after.differences(from: before).count == 1)
        let fewer = try EvaluationPlan(dataset: dataset, mode: .style(.completion), limit: 1).identity(
            key: "k", extra: [:])
        #expect(fewer.differences(from: after).map { $0.prefix(14) }.contains("dataset_sha256"))
    }
}
