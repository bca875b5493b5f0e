import Execution
import Foundation
import TestSupport

/// The self-written programs in `Tests/Fixtures/execution`, hostile and benign, all for one problem.
struct Corpus: Decodable {
    struct Problem: Decodable {
        var entryPoint: String
        var test: String

        enum CodingKeys: String, CodingKey {
            case entryPoint = "entry_point"
            case test
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
        return TestJob(candidate: text, tests: problem.test + "\ncheck(\(problem.entryPoint))")
    }
}

/// One box for all tests: making it runs the probes.
enum Shared {
    static let box = Task { try await Box.make(isolation: .required, workers: 2) }

    static let hasBubblewrap: Bool = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/bwrap") }
    }()

    /// Runs all jobs at once; the box bounds how many really do.
    static func run(_ jobs: [(name: String, job: TestJob)]) async throws -> [String: TestOutcome] {
        let box = try await box.value
        return await withTaskGroup(of: (String, TestOutcome).self) { group in
            for (name, job) in jobs { group.addTask { (name, await box.run(job)) } }
            var outcomes: [String: TestOutcome] = [:]
            for await (name, outcome) in group { outcomes[name] = outcome }
            return outcomes
        }
    }
}
