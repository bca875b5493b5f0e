import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct DatasetTests {
    @Test func knownDeclarationsEqualTheirFiles() throws {
        let folder = Fixtures.repository.appendingPathComponent("Datasets")
        let library = DatasetLibrary(roots: [folder], cache: URL(fileURLWithPath: "/nonexistent"))
        for name in ["humaneval", "humaneval-plus", "mbpp", "mbpp-plus", "multipl-e", "gsm8k", "cruxeval"] {
            let entry = try #require(library.list().first { $0.name == name })
            let declaration = try entry.declaration.get()
            #expect(declaration.name == name)
            #expect(declaration == (try KnownDatasets.declaration(name)))
        }
    }

    @Test func everyFolderOfDatasetsIsSound() throws {
        let folder = Fixtures.repository.appendingPathComponent("Datasets")
        for entry in DatasetLibrary(roots: [folder], cache: URL(fileURLWithPath: "/nonexistent")).list() {
            #expect(throws: Never.self, "\(entry.name)") { try entry.declaration.get() }
        }
    }

    @Test func nativeRowsBecomeProblems() throws {
        let folder = try TemporaryFolder()
        let dataset = try TinySets.writePython(["a", "b"], to: folder)
        #expect(dataset.problems.map(\.id) == ["t/a", "t/b"])
        #expect(dataset.languages == ["en", "zh"])
        #expect(dataset.declaration.stop.completion == ["\ndef "])
        #expect(dataset.problems[0].difficulty == "very easy")
        let all = Dataset.sha256(of: dataset.problems)
        #expect(all != Dataset.sha256(of: dataset.problems.reversed()))
        #expect(all.count == 64)
        #expect(try dataset.selection(ids: ["t/b"]).map(\.id) == ["t/b"])
        #expect(try dataset.selection(limit: 1).map(\.id) == ["t/a"])
        #expect(throws: EvaluationError.self) { try dataset.selection(ids: ["t/z"]) }
    }

    @Test(arguments: [
        ("not json", ":2: invalid JSON"),
        (#"{"id": "t/a"}"#, ":2: key \"prompt\" is missing"),
        (TinySets.row("a"), ":2: id \"t/a\" was used in line 1"),
        (TinySets.row("b").replacing("\"id\"", with: "\"extra\": 1, \"id\""), ":2: unknown key \"extra\""),
        (TinySets.row("b").replacing("\"very easy\"", with: "\"simple\""), ":2: key \"difficulty\" must be one of"),
        (
            TinySets.row("b").replacing("\"tests\": [", with: "\"tests\": [1, "),
            ":2: key \"tests\" must be a list of strings"
        ),
        (
            TinySets.row("b").replacing("def b():\\n\", \"text\"", with: "def b():\", \"text\""),
            ":2: key \"prompt\" must be a string that ends"
        ),
        (TinySets.row("b").replacing("\"t/b\"", with: "\"\""), ":2: the id must have"),
        (
            TinySets.row("b").replacing("def b():\\n    return", with: "def x():\\n    return"),
            ":2: key \"solution\" must be a whole"
        ),
        ("\"" + String(repeating: "x", count: 5 << 20) + "\"", ":2: a line of"),
    ])
    func badRowsNameTheirPlace(_ row: String, _ words: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(TinySets.python, to: "tiny/dataset.json")
        try folder.write(TinySets.row("a") + row, to: "tiny/problems.jsonl")
        let error = #expect(throws: EvaluationError.self) {
            try DatasetLoader.load(folder: folder.url.appendingPathComponent("tiny"))
        }
        #expect(error?.message.contains("problems.jsonl" + words) == true, "\(error?.message.prefix(300) ?? "")")
    }

    @Test(arguments: [
        (
            "\"max_new_tokens\": 64", "\"max_new_tokens\": 0",
            "dataset.json:3: key \"max_new_tokens\" must be a whole number"
        ),
        ("\"kind\": \"python-tests\"", "\"kind\": \"python\"", "dataset.json:1: key \"kind\" must be one of"),
        ("\"version\"", "\"verzion\"", "dataset.json:1: key \"version\" is missing"),
        ("\"cpu_seconds\"", "\"cpu\"", "dataset.json:4: unknown key \"scorer.limits.cpu\""),
        (
            "\"limits\"", "\"name\": \"exact-match\", \"limits\"",
            "dataset.json:4: key \"scorer.name\" must be a scorer for kind"
        ),
        ("\"style\": \"completion\"", "\"style\": \"talk\"", "dataset.json:2: key \"prompt.style\" must be one of"),
        (
            "\"stop\"", "\"extraction\": {\"chat\": \"magic\"}, \"stop\"",
            "dataset.json:3: key \"extraction.chat\" must be one of"
        ),
        (
            "\"stop\"", "\"source\": {\"file\": \"../x\"}, \"stop\"",
            "dataset.json:3: key \"source.file\" must be a plain file name"
        ),
        ("\"name\": \"tiny\"", "\"name\": \"../x\"", "dataset.json:1: key \"name\" must be"),
        ("\"name\": \"tiny\"", "\"format\": \"gsm8k\", \"name\": \"tiny\"", "dataset.json:1: key \"format\" must be"),
    ])
    func badDeclarationsNameTheirPlace(_ old: String, _ new: String, _ words: String) throws {
        let text = TinySets.python.replacing(old, with: new)
        #expect(text != TinySets.python)
        let error = #expect(throws: EvaluationError.self) {
            try DatasetDeclaration.parse(Array(text.utf8), file: "dataset.json")
        }
        #expect(error?.message.hasPrefix(words) == true, "\(error?.message ?? "")")
    }

    @Test func scorerDeclarationIsRead() throws {
        let text = """
            {"name": "x", "version": "1", "description": "d", "licence": "l", "kind": "exact-match",
             "scorer": {"answer": [{"name": "a", "pattern": "= (\\\\d+)", "take": "last"}, {"name": "b", "rule": "last-number"}],
                        "normalise": ["trim", {"replace": "x+", "with": "y"}]}, "skip": {"p": "why"}}
            """
        let declaration = try DatasetDeclaration.parse(Array(text.utf8), file: "f")
        #expect(declaration.scorer.answers.map(\.name) == ["a", "b"])
        #expect(declaration.scorer.answers[0].method.find(in: "= 1 = 22") == "22")
        #expect(declaration.scorer.answers[1].method.find(in: "1, then -2,000.5 apples") == "-2,000.5")
        #expect(declaration.scorer.normalise.last?.apply("axxb") == "ayb")
        #expect(declaration.skip == ["p": "why"])
        #expect(declaration.extraction.chat == "none")
        for bad in ["\"pattern\": \"(\"", "\"rule\": \"guess\"", "\"rule\": \"whole\", \"take\": \"last\""] {
            let broken = text.replacing("\"rule\": \"last-number\"", with: bad)
            #expect(throws: EvaluationError.self) { try DatasetDeclaration.parse(Array(broken.utf8), file: "f") }
        }
        for (old, new, words) in [
            ("\"trim\"", Array(repeating: "\"trim\"", count: 64).joined(separator: ","), "at most 64 rules"),
            ("\"y\"", "\"\(String(repeating: "y", count: 65_537))\"", "a text of at most 65536 bytes"),
        ] {
            let error = #expect(throws: EvaluationError.self) {
                try DatasetDeclaration.parse(Array(text.replacing(old, with: new).utf8), file: "f")
            }
            #expect(error?.message.contains(words) == true && (error?.message.count ?? 0) < 400)
        }
    }

    @Test func humanEvalShape() throws {
        let dataset = try DatasetLoader.load(file: Fixtures.url("evaluation/tiny-humaneval.jsonl.gz"))
        #expect(dataset.declaration.name == "humaneval")
        guard case .pythonTests(let python) = dataset.problems[0].content else {
            Issue.record("no tests")
            return
        }
        #expect(python.prefix.hasPrefix("\n\ndef add"))
        #expect(python.solution == python.prefix + "    return a + b\n")
        #expect(python.tests == ["\n\ndef check(candidate):\n    assert candidate(1, 2) == 3\n\ncheck(add)"])
    }

    @Test func mbppShape() throws {
        let dataset = try DatasetLoader.load(file: Fixtures.url("evaluation/mbpp.jsonl"))
        #expect(dataset.problems.map(\.id) == ["Mbpp/11", "Mbpp/12"])
        #expect(dataset.examples.map(\.id) == ["Mbpp/2", "Mbpp/3", "Mbpp/4"])
        guard case .pythonTests(let python) = dataset.problems[1].content else {
            Issue.record("no tests")
            return
        }
        #expect(python.solution == "def plus(x):\n    return x + 12")
        #expect(python.entryPoint == "plus")
        #expect(python.setup == "one = 1")
        let task = try PromptBuilder(dataset: dataset, mode: .style(.completion)).task(for: dataset.problems[0])
        guard case .text(let prompt) = task.prompt else {
            Issue.record("no text")
            return
        }
        #expect(prompt.components(separatedBy: "You are an expert Python programmer").count == 5)
        #expect(prompt.contains("[BEGIN]\ndef plus(x):\n    return x + 4\n[DONE]\n\n"))
        #expect(prompt.hasSuffix("assert plus(2) == 13\n[BEGIN]\n"))
        // A part of the set under another name is taken whole.
        let folder = try TemporaryFolder()
        let rows = String(decoding: try Data(contentsOf: Fixtures.url("evaluation/mbpp.jsonl")), as: UTF8.self)
        let part = try folder.write(rows.split(separator: "\n").suffix(1).joined() + "\n", to: "part.jsonl")
        let whole = try DatasetLoader.load(file: part)
        #expect(whole.problems.map(\.id) == ["Mbpp/511"])
        #expect(whole.examples.isEmpty)
    }

    @Test func bareNativeFilesAreRecognised() throws {
        let folder = try TemporaryFolder()
        let exact = try DatasetLoader.load(
            file: try folder.write(#"{"id": "1", "prompt": "1+1=", "answer": 2}"# + "\n", to: "sums.jsonl"))
        #expect(exact.declaration.kind == .exactMatch)
        #expect(exact.declaration.name == "sums")
        let python = try DatasetLoader.load(file: try folder.write(TinySets.row("a"), to: "p.jsonl"))
        #expect(python.declaration.kind == .pythonTests)
        let error = #expect(throws: EvaluationError.self) {
            try DatasetLoader.load(file: try folder.write("{\"a\": 1}\n", to: "odd.jsonl"))
        }
        #expect(error?.message.contains("odd.jsonl:1: no known kind of problem") == true)
        #expect(throws: EvaluationError.self) { try DatasetLoader.load(file: try folder.write("", to: "empty.jsonl")) }
    }

    @Test func fewShotExamplesComeFromAFileWhereItIsThere() throws {
        let folder = try TemporaryFolder()
        func rows(_ count: Int) -> String {
            (0..<count).map { "{\"question\": \"q\($0)?\", \"answer\": \"a. #### \($0)\"}\n" }.joined()
        }
        let file = try folder.write(rows(2), to: "test.jsonl")
        let zero = try DatasetLoader.load(file: file)
        #expect(try PromptBuilder(dataset: zero, mode: .style(.completion)).shots == 0)
        try folder.write(rows(9), to: "train.jsonl")
        let five = try DatasetLoader.load(file: file)
        let builder = try PromptBuilder(dataset: five, mode: .style(.completion))
        #expect(builder.shots == 5)
        #expect(five.problems.count == 2)
        let task = try builder.task(for: five.problems[0])
        guard case .text(let prompt) = task.prompt else {
            Issue.record("no text")
            return
        }
        #expect(prompt.hasPrefix("Question: q0?\nAnswer: a. #### 0\n\nQuestion: q1?"))
        #expect(prompt.hasSuffix("#### 4\n\nQuestion: q0?\nAnswer:"))
    }

    @Test func libraryFindsByNameAndSaysWhereItLooked() throws {
        let folder = try TemporaryFolder()
        _ = try TinySets.writePython(["a"], to: folder)
        let library = DatasetLibrary(roots: [folder.url], cache: folder.url.appendingPathComponent("cache"))
        #expect(try library.load("tiny").problems.count == 1)
        #expect(try library.load(folder.url.appendingPathComponent("tiny").path).problems.count == 1)
        #expect(library.list().map(\.name) == ["tiny"])
        #expect(library.list().first?.hasData == true)
        let error = #expect(throws: EvaluationError.self) { try library.load("huge") }
        #expect(error?.message.contains("name one of tiny") == true)
        #expect(throws: EvaluationError.self) { try library.load("../tiny") }
        let missing = #expect(throws: EvaluationError.self) { try library.load("humaneval") }
        #expect(missing?.kind == .unavailable)
        #expect(missing?.message.contains("dataset pull humaneval") == true)
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("tiny/problems.jsonl"))
        #expect(library.list().first?.hasData == false)
        #expect(throws: EvaluationError.self) { try library.load("tiny") }
    }

    @Test func cacheFollowsTheEnvironment() {
        #expect(DatasetLibrary.cacheFolder(environment: ["XDG_CACHE_HOME": "/c"]).path == "/c/yuanbench/datasets")
        #expect(
            DatasetLibrary.cacheFolder(environment: ["XDG_CACHE_HOME": "c"]).path.hasSuffix(
                "/.cache/yuanbench/datasets"))
    }

    @Test func pullInstallsFilesThatCanBeRead() throws {
        let folder = try TemporaryFolder()
        let library = DatasetLibrary(roots: [], cache: folder.url)
        let pull = DatasetPull(library: library)
        let outcome = try pull.pull("mbpp", from: Fixtures.url("evaluation/mbpp.jsonl"))
        #expect(outcome.rows == 7)
        #expect(try library.load("mbpp").problems.count == 2)
        #expect(throws: EvaluationError.self) { try pull.pull("gsm8k", from: Fixtures.url("evaluation/mbpp.jsonl")) }
        #expect(throws: EvaluationError.self) { try pull.pull("mbpp", from: nil) }
        #expect(throws: EvaluationError.self) { try pull.pull("nothing", from: nil) }
        #expect(pull.pulledYuanPrompts == nil)
        let prompts = try folder.write(#"{"task_id": "HumanEval/0", "prompt": "问题"}"# + "\n", to: "prompts.jsonl")
        _ = try pull.pull("yuan-prompts", from: prompts)
        #expect(try YuanPrompts.read(contentsOf: try #require(pull.pulledYuanPrompts)).prompts == ["HumanEval/0": "问题"])
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["YUANBENCH_TEST_NETWORK"] != nil, "needs pip and a network"))
    func humanEvalComesByPip() throws {
        let folder = try TemporaryFolder()
        let library = DatasetLibrary(roots: [], cache: folder.url)
        #expect(try DatasetPull(library: library).pull("humaneval", from: nil).rows == 164)
        #expect(try library.load("humaneval").problems.count == 164)
    }
}
