import ArgumentParser
import Evaluation
import Foundation
import Generation
import Performance
import Reports
import RunRecords
import Tensors

/// Options of `eval` and `precision` for engines elsewhere.
struct EndpointEvaluationArguments: ParsableArguments {
    @OptionGroup var endpoints: EndpointArguments

    @Option(name: .long, help: "With --endpoint: requests under way at the same time.")
    var concurrency = 16

    mutating func validate() throws {
        if !(1...65_536).contains(concurrency) {
            throw ValidationError("--concurrency is \(concurrency), expected 1 to 65536.")
        }
    }

    var areGiven: Bool { !endpoints.endpoint.isEmpty }
}

/// `eval` and `precision` with engines elsewhere: the same problems, scoring, pairing and reports.
struct EndpointEvaluation {
    let eval: Eval
    /// Ask for log probabilities, and compare at least two.
    let isPrecision: Bool

    private var arguments: EndpointEvaluationArguments { eval.endpointArguments }

    func run() async throws {
        let groups = try arguments.endpoints.groups()
        if isPrecision && groups.count < 2 {
            throw Failure(
                Exit.usage,
                "precision compares at least two endpoints; label them, as --endpoint bf16=URL --endpoint fp16=URL")
        }
        let ks = try eval.passAtK.chosen(least: eval.samples)
        let dtypes = try dtypes(of: groups)
        let tokenizer = try arguments.endpoints.tokenizer.map(EndpointTokenizer.init)
        // A server writes conversations by the model's own template.
        let plans = try eval.makePlans(hasTemplate: tokenizer?.hasTemplate ?? true)
        var sessions: [EndpointSession] = []
        for group in groups {
            sessions.append(
                try await EndpointSession(
                    group, model: eval.modelArguments.model, arguments: arguments.endpoints, tokenizer: tokenizer,
                    connections: arguments.concurrency, concurrency: arguments.concurrency,
                    retries: arguments.endpoints.retries ?? 5))
        }
        let quiet = eval.runArguments.quiet
        let (runner, isolation) = try await eval.box.runner(
            for: plans.map(\.dataset), quiet: quiet || eval.runArguments.json)
        func key(_ plan: EvaluationPlan, _ index: Int) -> String {
            "\(plan.dataset.declaration.name)/\(dtypes[index] ?? groups[index].label ?? "endpoint")"
        }
        let identities = sessions.enumerated().flatMap { index, session in
            plans.map { plan in
                plan.identity(
                    key: key(plan, index),
                    extra: [
                        "dtype": dtypes[index] ?? "unknown", "endpoint": groups[index].label ?? "unlabelled",
                        "endpoint_model": session.model,
                        "endpoint_prompts": arguments.endpoints.sendTokens ? "token ids" : "text or messages",
                    ])
            }
        }
        guard Set(identities.map(\.key)).count == identities.count else {
            throw Failure(Exit.usage, "--dataset names the same problem set twice")
        }
        let baseline = try eval.baseline.map(Baseline.init)
        try baseline?.check(
            datasets: plans.map(\.datasetRecord), prompts: plans.map(\.mode.name),
            dtypes: dtypes.indices.map { dtypes[$0] ?? groups[$0].label })
        let blank = RunDirectory.report(host: Host.record(try Backend(dtype: .fp32).description), runs: [])
        let names = plans.map(\.dataset.declaration.name).joined(separator: "-")
        let folder = eval.runArguments.folder(named: "\(sessions[0].shownModel)-\(names)")
        let journal = try Journal(
            directory: folder,
            manifest: RunManifest(
                tool: blank.tool, createdAt: blank.createdAt, command: blank.command, host: blank.host,
                runs: identities), resume: eval.runArguments.resume)
        RunDirectory.tellSetAside(journal)

        var runs: [[RunReport]] = []
        var traces: [[[String: TokenTrace]]] = []
        for (index, session) in sessions.enumerated() {
            runs.append([])
            traces.append([])
            for plan in plans {
                let tracer = TraceRecorder(session.generator)
                let recorder = TimingRecorder(isPrecision ? tracer : session.generator)
                let (before, earlier) = (await recorder.statistics, await session.generator.account)
                let key = key(plan, index)
                let evaluator = try Evaluator(
                    plan: plan, generator: recorder, runner: runner, journal: journal, run: key, workers: eval.box.jobs)
                let records = try await ProgressFollower.follow(
                    evaluator.events(), label: "\(plan.dataset.declaration.name) \(session.group.name)",
                    total: plan.answers.count, earlier: journal.recovery.records[key] ?? [], quiet: quiet)
                let account = await session.generator.account
                let settings = settings(
                    plan, dtype: dtypes[index],
                    endpoint: session.record(isChat: plan.isChat, account: account, since: earlier))
                runs[index].append(
                    RunReport(
                        model: ModelRecord(name: session.shownModel), dataset: plan.datasetRecord, settings: settings,
                        accuracy: AccuracyRecord(metric: plan.metric, records: records, ks: ks),
                        throughput: throughput(await recorder.statistics, since: before, recorder.timings),
                        memory: nil, isolation: isolation, problems: records))
                traces[index].append(tracer.traces)
            }
        }
        var report = RunDirectory.report(host: blank.host, runs: runs.flatMap(\.self))
        let comparison = try baseline?.comparison(with: report, named: folder.path, settings: eval.gate.settings)
        report.comparisons = (comparison?.records ?? []) + Self.comparisons(runs, traces)
        await journal.finish()
        try RunDirectory.finish(report, in: folder, arguments: eval.runArguments)
        try Self.refuseNothing(report)
        if let comparison, let baseline {
            let outputs = ComparisonOutputs(comparison, baseline: baseline.name, candidate: folder.path, report: report)
            try outputs.write(to: folder)
            if !eval.runArguments.json { Output.write(ComparisonSummary.render(comparison)) }
            try outputs.tellContinuousIntegration()
            try outputs.exit()
        }
    }

    /// What each group's report says its dtype is: a label that is one, or --dtype, which only tells here.
    private func dtypes(of groups: [EndpointGroup]) throws -> [String?] {
        let told = try eval.dtypes()
        if let told, groups.count > 1 || told.count > 1 {
            throw Failure(
                Exit.usage,
                "--dtype cannot choose the arithmetic of a server; label the servers instead, as --endpoint bf16=URL (\(told.count) "
                    + "dtypes, \(groups.count) servers)")
        }
        return groups.map { group in
            told?.first?.rawValue ?? group.label.flatMap { DType(rawValue: $0)?.rawValue }
        }
    }

    private func settings(_ plan: EvaluationPlan, dtype: String?, endpoint: EndpointRecord) -> SettingsRecord {
        var settings = SettingsRecord(
            dtype: dtype, decoding: plan.decoding, prompt: plan.mode.name, extraction: plan.extraction,
            maxNewTokens: plan.maxNewTokens, batchSize: nil, threads: nil, kernels: nil, stop: plan.stop,
            shard: plan.shard, sampling: plan.sampling)
        settings.endpoint = endpoint
        return settings
    }

    /// nil where nothing was generated; what an engine elsewhere does not tell is not measured.
    private func throughput(
        _ statistics: GenerationStatistics, since earlier: GenerationStatistics, _ timings: [SequenceTiming]
    ) -> ThroughputRecord? {
        guard !timings.isEmpty else { return nil }
        var record = ThroughputRecord(statistics: statistics, since: earlier, timings: timings)
        record.sharedPromptTokens = nil
        record.guessedTokens = nil
        record.acceptedTokens = nil
        return record
    }

    /// Every two groups on every problem set.
    private static func comparisons(
        _ runs: [[RunReport]], _ traces: [[[String: TokenTrace]]]
    ) -> [ComparisonRecord] {
        guard let sets = runs.first?.indices else { return [] }
        return sets.flatMap { set in
            runs.indices.flatMap { a in
                runs.indices.dropFirst(a + 1).map { b in
                    ComparisonRecord(
                        endpoints: PairedRuns(runs[a][set], runs[b][set]), traces: (traces[a][set], traces[b][set]))
                }
            }
        }
    }

    /// A run in which no request came back says nothing about the model.
    private static func refuseNothing(_ report: Report) throws {
        for run in report.runs where !run.problems.isEmpty {
            guard run.problems.allSatisfy({ $0.verdict == "infrastructure" }), let first = run.problems.first else {
                continue
            }
            throw Failure(Exit.missing, "no problem of \(run.dataset.name) was answered: \(first.detail)")
        }
    }
}

extension EvaluationPlan {
    /// Whether problems are put as conversations.
    var isChat: Bool { mode == .style(.chat) }
}
