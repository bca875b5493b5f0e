import Evaluation
import Foundation
import Testing

@Suite struct MultiPLETests {
    /// The entry point is what stands before the first parenthesis of the prompt's last line, in every language.
    @Test(arguments: [
        ("cpp", "#include<assert.h>\\nstd::vector<long> add_all(std::vector<long> a, long b) {\\n", "add_all"),
        ("js", "//Adds.\\nfunction add(a, b){\\n", "add"),
        ("sh", "#!/bin/bash\\n# Adds.\\nadd() {\\n", "add"),
        ("swift", "\\n/// Adds.\\nfunc addTwo(a: Int, b: Int) -> Int {\\n", "addTwo"),
    ])
    func readsRows(_ language: String, _ prompt: String, _ entryPoint: String) throws {
        let folder = try TemporaryFolder()
        let row =
            #"{"name": "HumanEval_0_add", "language": "\#(language)", "prompt": "\#(prompt)", "tests": "}\ntests", "#
            + #""stop_tokens": ["\n}"], "doctests": "transform"}"# + "\n"
        try folder.write(row, to: "humaneval-x.jsonl")
        let dataset = try DatasetLoader.load(file: folder.url.appendingPathComponent("humaneval-x.jsonl"))
        #expect(dataset.declaration.name == "multipl-e")
        let problem = try #require(dataset.problems.first)
        #expect(problem.id == "HumanEval_0_add" && problem.stop == ["\n}"])
        guard case .pythonTests(let content) = problem.content else {
            Issue.record("not a problem with tests")
            return
        }
        #expect(content.language == language && content.entryPoint == entryPoint)
        #expect(content.prefix.hasSuffix("{\n") && content.solution.isEmpty && content.tests == ["}\ntests"])
    }
}
