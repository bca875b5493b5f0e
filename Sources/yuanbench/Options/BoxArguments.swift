import ArgumentParser
import Evaluation
import Execution
import Foundation
import RunRecords

extension IsolationRequest: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(rawValue: argument == "required" ? IsolationRequest.required.rawValue : argument)
    }
}

/// How the code under test is kept apart from this host.
struct BoxArguments: ParsableArguments {
    @Option(
        name: .long,
        help: "Runs tests in a box of at least this level (L3, L2, L1) or not at all; 'none' sets resource limits only."
    )
    var isolation: IsolationRequest = .required

    @Option(name: .long, help: "Tests that run at the same time (default: one a core).")
    var testWorkers: Int?

    mutating func validate() throws {
        if let testWorkers, !(1...256).contains(testWorkers) {
            throw ValidationError("--test-workers is \(testWorkers), expected 1 to 256.")
        }
    }

    var jobs: Int { testWorkers ?? ProcessInfo.processInfo.activeProcessorCount }

    /// The runner that the data sets need, and what the report says of it. Exact match runs nothing.
    /// - Parameter quiet: keeps the line on the terminal back.
    func runner(
        for datasets: [Dataset], quiet: Bool = false
    ) async throws -> (runner: any TestRunner, record: IsolationRecord) {
        guard datasets.contains(where: { $0.declaration.kind.runsPrograms }) else {
            let record = IsolationRecord(
                level: "none needed", description: "answers are compared, nothing is run", interpreters: [:])
            return (NothingToRun(), record)
        }
        var languages: Set<String> = []
        for problem in datasets.flatMap(\.problems) {
            switch problem.content {
            case .pythonTests(let python): languages.insert(python.language)
            case .programOutput: languages.insert("python")
            case .exactMatch: break
            }
        }
        let box = try await Box.make(isolation: isolation, workers: jobs, languages: languages)
        let isolation = box.isolation
        if !quiet {
            let layers = isolation.description.split(separator: ";").first.map(String.init) ?? ""
            Talk.say("isolation: \(isolation.level) (\(layers))")
        }
        return (
            box,
            IsolationRecord(
                level: isolation.level, description: isolation.description, interpreters: isolation.interpreters)
        )
    }
}

/// Stands where no data set has tests to run.
private struct NothingToRun: TestRunner {
    func run(_ job: TestJob) async -> TestOutcome {
        TestOutcome(
            verdict: .infrastructure, detail: "no box was made for this run", cpuSeconds: 0, wallSeconds: 0,
            mode: job.mode)
    }
}
