import Execution
import Foundation
import TestSupport

/// The self-written programs in `Tests/Fixtures/execution`, hostile and benign, all for one problem.
struct Corpus: Decodable {
    struct Problem: Decodable {
        var entryPoint: String
        var prompt: String
        var test: String

        enum CodingKeys: String, CodingKey {
            case entryPoint = "entry_point"
            case prompt, test
        }
    }
    struct Case: Decodable {
        var file: String
        /// Verdicts that a correct harness may give; absent for benign programs.
        var accept: [String]?
    }

    var problem: Problem
    var cases: [Case]

    static func load(_ folder: String) throws -> Corpus {
        let url = Fixtures.url("execution/\(folder)/manifest.json")
        return try JSONDecoder().decode(Corpus.self, from: Data(contentsOf: url))
    }

    func job(_ file: String, in folder: String) throws -> TestJob {
        let text = try String(contentsOf: Fixtures.url("execution/\(folder)/\(file)"), encoding: .utf8)
        return TestJob(
            candidate: text, tests: problem.test + "\ncheck(\(problem.entryPoint))", prelude: problem.prompt,
            entryPoint: problem.entryPoint, mode: .separateJudge)
    }
}
