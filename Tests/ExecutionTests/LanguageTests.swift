import Foundation
import TestSupport
import Testing

@testable import Execution

/// Programs in other languages, in the shape of MultiPL-E rows: the prompt ends with the head of the function, which the
/// tests close where the language has braces.
@Suite(.serialized) struct LanguageTests {
    struct Row {
        var prompt: String
        var tests: String
        var right: String
        var wrong: String
    }

    static let rows: [String: Row] = [
        "cpp": Row(
            prompt: "#include<assert.h>\n#include<vector>\n// Adds.\nlong add(long a, long b) {\n",
            tests: "}\nint main() {\n    auto candidate = add;\n    assert(candidate((2), (3)) == (5));\n"
                + "    assert(candidate((-1), (1)) == (0));\n}\n", right: "    return a + b;",
            wrong: "    return a - b;"),
        "js": Row(
            prompt: "// Adds.\nfunction add(a, b){\n",
            tests: "const assert = require('node:assert');\nfunction test() {\n  let candidate = add;\n"
                + "  assert.deepEqual(candidate(2, 3), 5);\n  assert.deepEqual(candidate([1], [2]), [1, 2]);\n}\ntest();\n",
            right: "  return Array.isArray(a) ? a.concat(b) : a + b;\n}", wrong: "  return 0;\n}"),
        "sh": Row(
            prompt: "#!/bin/bash\n# Adds.\nadd() {\n",
            tests:
                "}\n\ncandidate() {\n    add \"$@\"\n}\n\nset -e\nrun_test() {\n    [[ $(candidate \"2\" \"3\") = \"5\" ]]\n"
                + "    [[ $(candidate \"-1\" \"1\") = \"0\" ]]\n}\n\nrun_test\n", right: "    echo $(($1 + $2))",
            wrong: "    echo 5"),
        "swift": Row(
            prompt: "\n/// Adds.\nfunc add(_ a: Int, _ b: Int) -> Int {\n",
            tests:
                "}\n\n\nfunc ==(left: [(Int, Int)], right: [(Int, Int)]) -> Bool {\n    return left.count == right.count\n}\n"
                + "assert(add(2, 3) == 5)\nassert(add(-1, 1) == 0)\n", right: "    return a + b", wrong: "    return 5"),
    ]

    static let box = Task {
        try await Box.make(isolation: .required, workers: 2, languages: Set(rows.keys), program: Shared.program)
    }

    private func job(_ language: String, _ candidate: String) throws -> TestJob {
        let row = try #require(Self.rows[language])
        return TestJob(
            language: language, candidate: candidate, tests: row.tests, prelude: row.prompt, entryPoint: "add")
    }

    @Test(arguments: rows.keys.sorted()) func tellsRightFromWrong(_ language: String) async throws {
        let box = try await Self.box.value
        let row = try #require(Self.rows[language])
        let right = await box.run(try job(language, row.prompt + row.right))
        if right.verdict == .skipped { return }
        #expect(right.verdict == .passed, "\(right)")
        #expect(right.mode == (language == "js" || language == "sh" ? .separateJudge : .lateSecret))
        let wrong = await box.run(try job(language, row.prompt + row.wrong))
        #expect(wrong.verdict == .failed, "\(wrong)")
        let broken = await box.run(try job(language, row.prompt + "((("))
        #expect(broken.verdict == .compileError, "\(broken)")
    }

    @Test(arguments: [
        ("std::vector<long> many(1L << 40); return many[a];", Verdict.oom, "std::bad_alloc"),
        ("throw std::out_of_range(\"no such key\");", .failed, "uncaught exception: no such key"),
    ]) func whatIsNotCaughtIsNamed(_ body: String, _ verdict: Verdict, _ detail: String) async throws {
        let box = try await Self.box.value
        let prompt = "#include <stdexcept>\n#include <vector>\nlong add(long a, long b) {\n"
        let outcome = await box.run(try job("cpp", prompt + body))
        #expect((outcome.verdict == verdict && outcome.detail == detail) || outcome.verdict == .skipped, "\(outcome)")
    }

    @Test func attacksReachAcceptedVerdicts() async throws {
        struct Manifest: Decodable {
            struct Case: Decodable {
                var file, language: String
                var accept: [String]
            }
            var cases: [Case]
        }
        let folder = Fixtures.url("execution/attacks_other")
        let manifest = try JSONDecoder().decode(
            Manifest.self, from: Data(contentsOf: folder.appendingPathComponent("manifest.json")))
        #expect(manifest.cases.count >= 14)
        let made = try await Self.box.value
        let box = Box(host: made.host, isolation: made.isolation, workers: 2, confirms: false)
        let jobs = try manifest.cases.map { attack in
            let text = try String(contentsOf: folder.appendingPathComponent(attack.file), encoding: .utf8)
            var job = try job(attack.language, text)
            job.limits.cpuSeconds = 2
            return (name: attack.file, job: job)
        }
        let outcomes = try await Shared.run(jobs, in: box)
        for attack in manifest.cases {
            let outcome = try #require(outcomes[attack.file])
            #expect(
                attack.accept.contains(outcome.verdict.rawValue) || outcome.verdict == .skipped,
                "\(attack.file): \(outcome)")
        }
    }

    /// Honest programs that need more than numbers of their language.
    @Test(arguments: [
        (
            "cpp",
            "#include<assert.h>\n#include<bits/stdc++.h>\nstd::vector<long> add(std::vector<long> a, long b) {\n",
            "    std::vector<long> r;\n    for (auto x : a) r.push_back(x + b);\n    return r;",
            "}\nint main() {\n    auto candidate = add;\n    assert(candidate((std::vector<long>({(long)1, (long)2})), (3)) "
                + "== (std::vector<long>({(long)4, (long)5})));\n}\n"
        ),
        (
            "js", "function add(set, map){\n", "  set.delete(1); map.set('b', 2);\n}",
            "const assert = require('node:assert');\nconst s = new Set([1, 2]), m = new Map([['a', 1]]);\nadd(s, m);\n"
                + "assert.deepEqual([...s], [2]);\nassert.deepEqual([...m], [['a', 1], ['b', 2]]);\n"
        ),
        (
            "js", "function add(a, b){\n", "  if (a < 0) throw new RangeError('negative');\n  return a + b;\n}",
            "const assert = require('node:assert');\nassert.throws(() => add(-1, 2), RangeError);\nassert.equal(add(1, 2), 3);\n"
        ),
        (
            "sh", "#!/bin/bash\nset -e\nadd() {\n", "    echo $(($1 + $2))\n    [[ $1 -lt 0 ]]",
            "}\n\nrun_test() {\n    [[ $(add \"2\" \"3\") = \"5\" ]]\n}\n\nrun_test\n"
        ),
    ])
    func honestProgramsPass(_ language: String, _ prompt: String, _ body: String, _ tests: String) async throws {
        let outcome = try await Self.box.value.run(
            TestJob(language: language, candidate: prompt + body, tests: tests, prelude: prompt, entryPoint: "add"))
        #expect(outcome.verdict == .passed || outcome.verdict == .skipped, "\(outcome)")
    }

    /// A function in place of an error, where the test asks for an error.
    @Test func anUnsendableResultThrowsNothing() async throws {
        let outcome = try await Self.box.value.run(
            TestJob(
                language: "js", candidate: "function add(a, b){ return () => a; }",
                tests: "require('node:assert').throws(() => add(-1, 2), TypeError);", entryPoint: "add"))
        #expect(outcome.verdict == .failed || outcome.verdict == .skipped, "\(outcome)")
    }

    /// Takes the secret from its descriptor and tells it at once; only the negative control can notice.
    @Test func aToldSecretIsForged() async throws {
        let candidate = """
            #include <unistd.h>
            long add(long a, long b) {
                char s[80]; long n = read(5, s, 64);
                write(4, "passed\\n", 7); write(4, s, n); _exit(0);
            }
            """
        let outcome = try await Self.box.value.run(try job("cpp", candidate))
        #expect(outcome.verdict == .forged || outcome.verdict == .skipped, "\(outcome)")
    }

    @Test func aMissingToolchainIsSkippedWithTheMend() async throws {
        let box = try await Shared.box.value
        let outcome = await box.run(try job("cpp", "int x;"))
        #expect(outcome.verdict == .skipped)
        #expect(outcome.detail.contains("apt-get install g++"), "\(outcome)")
        #expect(await box.run(TestJob(language: "cobol", candidate: "", tests: "")).verdict == .skipped)
    }
}
