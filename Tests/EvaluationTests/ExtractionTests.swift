import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct ExtractionTests {
    func extract(_ rule: String, _ input: ExtractionInput) throws -> String {
        try #require(ExtractionRules.named(rule)).extract(input)
    }

    @Test func yuanPostprocessingReproducesTheOriginal() throws {
        struct Golden: Decodable {
            struct Case: Decodable {
                var response: String
                var completion: String
            }
            var cases: [Case]
        }
        let data = try Data(contentsOf: Fixtures.url("golden/humaneval_postprocess.json"))
        let golden = try JSONDecoder().decode(Golden.self, from: data)
        #expect(golden.cases.count == 24)
        for (index, one) in golden.cases.enumerated() {
            let processed = try extract("yuan-humaneval", ExtractionInput(completion: one.response))
            #expect(processed == one.completion, "case \(index)")
        }
    }

    @Test func yuanRuleTakesPromptAndAnswerTogether() throws {
        let input = ExtractionInput(completion: "    return 1\n", prompt: "问题\n```python\ndef f():\n")
        #expect(try extract("yuan-humaneval", input) == "\ndef f():\n    return 1\n")
        #expect(try extract("yuan-humaneval", ExtractionInput(completion: "", prompt: "")) == "")
    }

    @Test func stopStringsCutAtTheEarliest() throws {
        let input = ExtractionInput(
            completion: "    return 1\n\nprint(1)\ndef g(): pass\n", prefix: "def f():\n", stop: ["\ndef ", "\nprint"])
        #expect(try extract("stop-strings", input) == "def f():\n    return 1\n")
        #expect(try extract("none", input) == "def f():\n" + input.completion)
    }

    @Test func stopStringIsFoundInsideCRLF() throws {
        let input = ExtractionInput(completion: "a\r\nb", stop: ["\n"])
        #expect(try extract("stop-strings", input) == "a\r")
    }

    static let prompt =
        "from typing import List\n\ndef helper():\n    return 1\n\n\n@cache\ndef f(x: List) -> int:\n    \"\"\"Doc.\"\"\"\n"
    static let preamble = "from typing import List\n\ndef helper():\n    return 1\n\n\n"

    @Test(arguments: [
        // One block with its tag.
        ("Sure!\n```python\ndef f(x):\n    return 1\n```\nDone.", "def f(x):\n    return 1\n"),
        // No closing fence.
        ("```py\ndef f(x):\n    return 1", "def f(x):\n    return 1\n"),
        // The block that defines the entry point wins over earlier ones.
        ("```python\nprint(1)\n```\n```python\ndef f(x):\n    return 2\n```", "def f(x):\n    return 2\n"),
        // Blocks of other languages do not count where there is Python.
        ("```bash\ndef f(x)\n```\n```\ndef f(x): return 3\n```", "def f(x): return 3\n"),
        // A fence indented in a list.
        ("1. So:\n   ```python\n   def f(x):\n       return 4\n   ```", "def f(x):\n    return 4\n"),
        // No fence at all.
        ("def f(x):\n    return 5\n", "def f(x):\n    return 5\n"),
        // A longer fence around a shorter one.
        ("````python\ndef f(x):\n    return '''\n```\n'''\n````", "def f(x):\n    return '''\n```\n'''\n"),
    ])
    func fencedBlock(_ answer: String, _ code: String) throws {
        let input = ExtractionInput(completion: answer, prefix: Self.prompt, entryPoint: "f")
        #expect(try extract("fenced-block", input) == Self.preamble + code)
    }

    /// As from an engine that does not go on from an opened answer, but begins it again.
    @Test(arguments: [
        "```python\ndef f(x):\n    return 6\n```", "\n```py\ndef f(x):\n    return 6\n```\nDone.",
        "def f(x):\n    return 6\n```",
    ])
    func openedAnswerIsOneBlock(_ answer: String) throws {
        for prefill in ["```python\n", "A script:\n```python\n"] {
            let input = ExtractionInput(completion: answer, prefill: prefill, prefix: Self.prompt, entryPoint: "f")
            #expect(try extract("fenced-block", input) == Self.preamble + "def f(x):\n    return 6\n")
        }
    }

    @Test func fencedBlockKnowsPrefillBodyAndFuture() throws {
        var input = ExtractionInput(
            completion: "def f(x):\n    return 1\n", prefill: "Here:\n```python\n", prefix: Self.prompt, entryPoint: "f"
        )
        #expect(try extract("fenced-block", input) == Self.preamble + "def f(x):\n    return 1\n")
        input = ExtractionInput(completion: "```python\n    return 1\n```", prefix: Self.prompt, entryPoint: "f")
        #expect(try extract("fenced-block", input) == Self.prompt + "    return 1\n")
        let future = "from __future__ import annotations\ndef f(x):\n    return 1\n"
        input = ExtractionInput(completion: "```python\n\(future)```", prefix: Self.prompt, entryPoint: "f")
        #expect(try extract("fenced-block", input) == future)
        // A longer name is not the entry point.
        input = ExtractionInput(
            completion: "```python\ndef ff(x): pass\n```\n```python\ndef f(x): pass\n```", entryPoint: "f")
        #expect(try extract("fenced-block", input) == "def f(x): pass\n")
    }
}
