import Foundation
import TestSupport

@testable import Execution

/// One box for all tests: making it runs the probes.
enum Shared {
    /// The built executable, which lies beside the test bundle.
    static let executable: String? = {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments.first ?? ""
        var candidates = [
            URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("yuanbench").path
        ]
        let build = Fixtures.repository.appendingPathComponent(".build")
        candidates += ["release", "debug"].map { build.appendingPathComponent("\($0)/yuanbench").path }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static var program: BoxProgram { BoxProgram(command: [executable ?? "/nowhere", "__box"]) }

    static let box = Task { try await Box.make(isolation: .required, workers: 2, program: program) }

    /// Runs all jobs at once; the box bounds how many really do.
    static func run(_ jobs: [(name: String, job: TestJob)], in box: Box? = nil) async throws -> [String: TestOutcome] {
        let shared = try await Self.box.value
        let box = box ?? shared
        return await withTaskGroup(of: (String, TestOutcome).self) { group in
            for (name, job) in jobs { group.addTask { (name, await box.run(job)) } }
            var outcomes: [String: TestOutcome] = [:]
            for await (name, outcome) in group { outcomes[name] = outcome }
            return outcomes
        }
    }
}
