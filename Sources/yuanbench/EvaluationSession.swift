import Evaluation
import Execution
import Foundation
import Generation
import Reports
import RunRecords
import Tensors

/// The frame of every evaluation, wherever its tokens come from: journal, box, baseline and reports.
struct EvaluationSession {
    /// What is evaluated on every plan: a dtype of a local model, or an endpoint.
    struct Contender {
        /// Stands behind the problem set in the run's key.
        var name: String
        /// Stands beside the progress bar.
        var label: String
        /// What a baseline's run of the same contender is found by: its dtype or label; nil where nobody says.
        var dtype: String?
        /// What makes answers of another run useless to this one, beside the plan.
        var identity: [String: String]
    }

    let eval: Eval
    let plans: [EvaluationPlan]
    let contenders: [Contender]
    /// The k of pass@k.
    let ks: [Int]
    let isolation: IsolationRecord
    /// Of the run, held by its journal.
    let folder: URL
    private let runner: any TestRunner
    private let baseline: Baseline?
    private let blank: Report
    private let journal: Journal

    /// Probes the box, checks the baseline and opens the journal: whatever can be refused is, before anything is generated.
    /// - Parameter model: names the run's folder together with the problem sets.
    init(_ eval: Eval, plans: [EvaluationPlan], contenders: [Contender], model: String) async throws {
        self.eval = eval
        self.plans = plans
        self.contenders = contenders
        ks = try eval.passAtK.chosen(least: eval.samples)
        (runner, isolation) = try await eval.box.runner(
            for: plans.map(\.dataset), quiet: eval.runArguments.quiet || eval.runArguments.json)
        let identities = contenders.flatMap { contender in
            plans.map { $0.identity(key: Self.key($0, contender), extra: contender.identity) }
        }
        guard Set(identities.map(\.key)).count == identities.count else {
            throw Failure(Exit.usage, "--dataset names the same problem set twice")
        }
        baseline = try eval.baseline.map(Baseline.init)
        try baseline?.check(
            datasets: plans.map(\.datasetRecord), prompts: plans.map(\.mode.name), dtypes: contenders.map(\.dtype))
        blank = RunDirectory.report(host: Host.record(try Backend(dtype: .fp32).description), runs: [])
        let sets = plans.map(\.dataset.declaration.name).joined(separator: "-")
        folder = eval.runArguments.folder(named: "\(model)-\(sets)")
        journal = try Journal(
            directory: folder,
            manifest: RunManifest(
                tool: blank.tool, createdAt: blank.createdAt, command: blank.command, host: blank.host,
                runs: identities), resume: eval.runArguments.resume)
        RunDirectory.tellSetAside(journal)
    }

    /// The run's key in the journal.
    static func key(_ plan: EvaluationPlan, _ contender: Contender) -> String {
        "\(plan.dataset.declaration.name)/\(contender.name)"
    }

    /// Whether an earlier run left something to be generated for this contender.
    func isOpen(_ contender: Contender) -> Bool {
        plans.contains { plan in
            let done = journal.recovery.records[Self.key(plan, contender)] ?? []
            return plan.answers.count
                > done.count { Verdicts.scored.contains($0.verdict) || $0.verdict == "skipped" }
        }
    }

    /// Generates and scores what is still missing, and gives all records of the plan, in its order.
    func records(
        _ plan: EvaluationPlan, _ contender: Contender, _ generator: any Generator
    ) async throws -> [ProblemRecord] {
        let key = Self.key(plan, contender)
        let evaluator = try Evaluator(
            plan: plan, generator: generator, runner: runner, journal: journal, run: key, workers: eval.box.jobs)
        return try await ProgressFollower.follow(
            evaluator.events(), label: "\(plan.dataset.declaration.name) \(contender.label)",
            total: plan.answers.count, earlier: journal.recovery.records[key] ?? [], quiet: eval.runArguments.quiet)
    }

    /// Writes and shows the report; with a baseline, exits by the gate.
    /// - Parameters:
    ///   - runs: one for each contender and plan.
    ///   - unanswered: the exit code where no problem of a run was answered.
    ///   - comparisons: of the runs among each other.
    func finish(
        _ runs: [RunReport], unanswered: Int32, comparisons: () throws -> [ComparisonRecord]
    ) async throws {
        var report = RunDirectory.report(host: blank.host, runs: runs)
        let comparison = try baseline?.comparison(with: report, named: folder.path, settings: eval.gate.settings)
        report.comparisons = (comparison?.records ?? []) + (try comparisons())
        await journal.finish()
        try RunDirectory.finish(report, in: folder, arguments: eval.runArguments)
        try refuseNothing(report, code: unanswered)
        if let comparison, let baseline {
            let outputs = ComparisonOutputs(comparison, baseline: baseline.name, candidate: folder.path, report: report)
            try outputs.write(to: folder)
            if !eval.runArguments.json { try Output.write(ComparisonSummary.render(comparison)) }
            try outputs.tellContinuousIntegration()
            try outputs.exit()
        }
    }

    /// A run in which no problem was answered says nothing about the model.
    private func refuseNothing(_ report: Report, code: Int32) throws {
        for run in report.runs {
            guard let first = run.problems.first, run.problems.allSatisfy({ $0.verdict == "infrastructure" }) else {
                continue
            }
            throw Failure(code, "no problem of \(run.dataset.name) was answered: \(first.detail)")
        }
    }
}
