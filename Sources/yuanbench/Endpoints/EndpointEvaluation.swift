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
        let dtypes = try dtypes(of: groups)
        let tokenizer = try arguments.endpoints.tokenizer.map(EndpointTokenizer.init)
        // A server writes conversations by the model's own template.
        let plans = try eval.makePlans(hasTemplate: tokenizer?.hasTemplate ?? true)
        var endpoints: [EndpointSession] = []
        for group in groups {
            endpoints.append(
                try await EndpointSession(
                    group, model: eval.modelArguments.model, arguments: arguments.endpoints, tokenizer: tokenizer,
                    connections: arguments.concurrency, concurrency: arguments.concurrency,
                    retries: arguments.endpoints.retries ?? 5))
        }
        let session = try await EvaluationSession(
            eval, plans: plans, contenders: zip(endpoints, dtypes).map { contender($0, dtype: $1) },
            model: endpoints[0].shownModel)

        let file = isPrecision ? try TraceFile(folder: session.folder) : nil
        var runs: [[RunReport]] = []
        var traces: [[[String: TokenTrace]]] = []
        for (index, endpoint) in endpoints.enumerated() {
            runs.append([])
            traces.append([])
            for plan in plans {
                let contender = session.contenders[index]
                let tracer = file.map {
                    TraceRecorder(endpoint.generator, file: $0, run: EvaluationSession.key(plan, contender))
                }
                let recorder = TimingRecorder(tracer ?? endpoint.generator)
                let (before, earlier) = (await recorder.statistics, await endpoint.generator.account)
                let records = try await session.records(plan, contender, recorder)
                let account = await endpoint.generator.account
                let settings = settings(
                    plan, dtype: dtypes[index],
                    endpoint: endpoint.record(isChat: plan.isChat, account: account, since: earlier))
                runs[index].append(
                    RunReport(
                        model: ModelRecord(name: endpoint.shownModel), dataset: plan.datasetRecord, settings: settings,
                        accuracy: AccuracyRecord(metric: plan.metric, records: records, ks: session.ks),
                        throughput: throughput(await recorder.statistics, since: before, recorder.timings),
                        memory: nil, isolation: session.isolation, problems: records))
                traces[index].append(tracer?.traces ?? [:])
            }
        }
        try await session.finish(
            runs.flatMap(\.self), unanswered: Exit.missing, comparisons: { Self.comparisons(runs, traces) })
    }

    private func contender(_ endpoint: EndpointSession, dtype: String?) -> EvaluationSession.Contender {
        let label = endpoint.group.label
        return EvaluationSession.Contender(
            name: dtype ?? label ?? "endpoint", label: endpoint.group.name, dtype: dtype ?? label,
            identity: [
                "dtype": dtype ?? "unknown", "endpoint": label ?? "unlabelled", "endpoint_model": endpoint.model,
                "endpoint_prompts": arguments.endpoints.sendTokens ? "token ids" : "text or messages",
            ])
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
}

extension EvaluationPlan {
    /// Whether problems are put as conversations.
    var isChat: Bool { mode == .style(.chat) }
}
