import Evaluation
import Execution
import Foundation
import TestSupport
import Testing

@Suite struct ScorerTests {
    func scorer(_ name: String) throws -> any Scorer {
        let file = Fixtures.repository.appendingPathComponent("Datasets/\(name)/dataset.json")
        let declaration = try DatasetDeclaration.read(contentsOf: file)
        let entry = try #require(Scorers.table[declaration.scorer.name])
        return entry.make(declaration.scorer, WordRunner(passing: "good"))
    }

    func problem(_ answer: String) -> Problem {
        Problem(id: "p", fields: [:], content: .exactMatch(answer: answer), digest: [], line: 1)
    }

    /// A pattern that takes for ever is given up after the same number of steps everywhere, and finds nothing.
    @Test(.timeLimit(.minutes(20)), arguments: ["(a+)+$", "(?:(?:a*)*)*b", "(a|aa)+$"])
    func patternsThatNeverEndAreGivenUp(_ pattern: String) {
        let text = String(repeating: "a", count: 60) + "!"
        #expect(RegularExpression.match(pattern, in: text, last: false) == nil)
        #expect(RegularExpression.match(pattern, in: text, last: true) == nil)
        #expect(RegularExpression.replace(pattern, in: text, with: "x") == text)
    }

    /// A few rules that make a letter many would fill the memory: such a rule changes nothing.
    @Test func replacementsAreBounded() {
        let text = String(repeating: "a", count: 1000)
        let grown = RegularExpression.replace("x*", in: text, with: String(repeating: "b", count: 4000))
        #expect(grown.utf8.count == 1000 + 1001 * 4000)
        #expect(RegularExpression.replace("x*", in: text, with: String(repeating: "b", count: 5000)) == text)
        #expect(RegularExpression.replace("^", in: grown, with: String(repeating: "b", count: 1 << 20)) == grown)
    }

    @Test func patternsFindAndReplace() {
        #expect(RegularExpression.match("[0-9]+", in: "a 12 b 3", last: false) == "12")
        #expect(RegularExpression.match("[0-9]+", in: "a 12 b 3", last: true) == "3")
        #expect(RegularExpression.match("a(x)|b (.)", in: "é🙂 b 3", last: true) == "3")
        #expect(RegularExpression.match("z", in: String(repeating: "a", count: 200_000), last: true) == nil)
        #expect(RegularExpression.replace("[é🙂]", in: "aé🙂b🙂", with: "$1") == "a$1$1b$1")
        #expect(RegularExpression.replace("x*", in: "ab", with: "-") == "-a-b-")
    }

    @Test(arguments: [
        // Completion, strict, flexible; the reference is 1,234.
        (" 1000 + 234 = 1234\n#### 1234", 1.0, 1.0),
        (" so it is\n#### 1,234.", 1.0, 1.0),
        (" The answer is $1,234.", 0.0, 1.0),
        (" The answer is 1234. And so on...", 0.0, 0.0),  // "..." is the last match
        (" It costs 1234 $.", 0.0, 0.0),  // "$." is the last match
        (" #### 5\n\nReally 1234", 0.0, 1.0),
        (" #### -1234", 0.0, 0.0),
        (" no number", 0.0, 0.0),
        ("", 0.0, 0.0),
    ])
    func gsm8k(_ completion: String, _ strict: Double, _ flexible: Double) async throws {
        let reference = problem("She has <<1000+234=1234>>1234.\n#### 1,234")
        let score = try await scorer("gsm8k").score(completion, for: reference)
        #expect(score.scores == ["strict": strict, "flexible": flexible])
        #expect(score.verdict == (strict == 1 ? .passed : .failed))
        #expect(score.detail.isEmpty == (strict == 1))
    }

    @Test(arguments: [
        (" [1,2,  3]", true), ("[1, 2, 3]", true), ("`[1, 2, 3]`", true), ("It returns:\n[1, 2, 3]", true),
        ("[1, 2]", false), ("(1, 2, 3)", false), ("f([1])", false), ("[1, 2, 3] == x", false), ("", false),
    ])
    func cruxEval(_ completion: String, _ right: Bool) async throws {
        let score = try await scorer("cruxeval").score(completion, for: problem("[1, 2, 3]"))
        #expect(score.verdict == (right ? .passed : .failed))
    }

    @Test(arguments: [
        ("{'b':1,\"a\":[2.0,]}", "{'a': [2], 'b': 1}"), ("{3, 1,1}", "{1, 3}"), ("1, 2", "(1, 2,)"), ("(1,)", "(1,)"),
        ("(1)", "1"), ("()", "()"), ("'a\\'b\\n'", "'a\\'b\\n'"), ("\"\"\"x\ny\"\"\"", "'x\\ny'"), ("-0.50", "-0.5"),
        ("set()", "set()"), ("{}", "{}"), ("b'\\x41'", "b'A'"), ("None", "None"), ("1_000", "1000"),
        ("'\\u4e2d'", "'中'"),
    ])
    func pythonLiterals(_ text: String, _ canonical: String) { #expect(PythonLiteral.canonical(text) == canonical) }

    @Test(arguments: [
        "f(1)", "[1", "1 + 2", "'a", "'\n'", "", "{1: }", "{1, 2: 3}", "007", "__import__('os')",
        String(repeating: "[", count: 10_000), "'\\u12'", "lambda: 1",
    ])
    func noLiterals(_ text: String) { #expect(PythonLiteral.canonical(text) == nil) }

    @Test(arguments: [
        ("trim", " a\n", "a"), ("lowercase", "AbÉ", "abé"), ("collapse-spaces", " a \n b", "a b"),
        ("strip-commas", "1,234", "1234"), ("strip-dollars", "$5", "5"), ("strip-final-period", "5.", "5"),
        ("strip-quotes", "\"'a'\"", "a"), ("strip-backticks", "`x`", "x"), ("number", "+07.50", "7.5"),
        ("number", "-0.0", "0"), ("number", "12 apples", "12 apples"), ("number", ".", "."),
    ])
    func normalisation(_ name: String, _ text: String, _ expected: String) throws {
        #expect(try #require(NamedNormalisation(rawValue: name)).apply(text) == expected)
    }

    @Test func harnessFailuresAreTriedTwice() async throws {
        let runner = WordRunner(passing: "good", otherwise: .sandboxError)
        let entry = try #require(Scorers.table["python-tests"])
        let folder = try TemporaryFolder()
        let dataset = try TinySets.writePython(["a"], to: folder)
        let score = await entry.make(dataset.declaration.scorer, runner).score("bad", for: dataset.problems[0])
        #expect(score.verdict == .sandboxError)
        #expect(runner.jobs.withLock { $0.count { $0.candidate == "bad" } } == 2)
        #expect(runner.jobs.withLock { $0[0].limits.cpuSeconds } == 1.5)
    }
}
