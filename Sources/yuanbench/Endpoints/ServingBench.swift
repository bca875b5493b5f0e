import ArgumentParser
import Evaluation
import Foundation
import Generation
import LocalGeneration
import Performance
import RemoteGeneration
import Reports
import RunRecords
import Tensors

/// `bench` with engines elsewhere: every load of the grid against every group of endpoints.
struct ServingBench {
    let bench: Bench

    private var arguments: ServingArguments { bench.serving }

    /// Lengths of one point; nil for the prompts of a data set.
    private struct Lengths {
        var prompt: Int?
        var new: Int
    }

    func run() async throws {
        let patterns = try arguments.patterns()
        let lengths = try self.lengths()
        let tokenizer = try arguments.endpoints.tokenizer.map(EndpointTokenizer.init)
        let problems = try problems(hasTemplate: tokenizer?.hasTemplate ?? true)
        let groups = try arguments.endpoints.groups()
        var report = RunDirectory.report(host: Host.record(try Backend(dtype: .fp32).description), runs: [])
        var requests: [RequestRecord] = []
        var folder: URL?
        func finish() throws {
            guard let folder, !report.serving.isEmpty else { return }
            try RunDirectory.write(requests, in: folder)
            try RunDirectory.finish(report, in: folder, json: bench.json, quiet: bench.quiet)
        }
        do {
            for group in groups {
                let session = try await EndpointSession(
                    group, model: wantedModel, arguments: arguments.endpoints, tokenizer: tokenizer,
                    connections: connections(patterns), concurrency: nil, retries: arguments.endpoints.retries ?? 0)
                if folder == nil { folder = RunArguments.folder(bench.output, named: "bench-\(session.shownModel)") }
                var source = ServingPrompts(
                    seed: arguments.seed, problems: problems, tokenizer: tokenizer, generator: session.generator)
                for length in lengths {
                    for pattern in patterns {
                        let (point, rows) = try await measure(
                            session, pattern, length, &source, load: report.serving.count)
                        report.serving.append(point)
                        requests += rows
                        say(point, group, report.serving.count, of: groups.count * patterns.count * lengths.count)
                    }
                }
            }
        } catch let error as CancellationError {
            // What was measured before the interrupt is kept.
            try finish()
            throw error
        }
        try finish()
        if report.serving.allSatisfy({ $0.completed == 0 }) {
            let reason = report.serving.first?.errors.first?.reason ?? "no reason was told"
            throw Failure(Exit.missing, "no request was answered: \(reason)")
        }
    }

    /// `bench`'s own default is a shape, which no server has: the server's only model then.
    private var wantedModel: String { bench.model.hasPrefix("shape:") ? EmbeddedModel.name : bench.model }

    private func lengths() throws -> [Lengths] {
        let tokens = 1...1_000_000
        let new = try Lists.numbers(bench.generateTokens, option: "generate-tokens", in: tokens)
        if arguments.dataset != nil { return new.map { Lengths(prompt: nil, new: $0) } }
        return try Lists.numbers(bench.promptTokens, option: "prompt-tokens", in: tokens).flatMap { prompt in
            new.map { Lengths(prompt: prompt, new: $0) }
        }
    }

    private func problems(hasTemplate: Bool) throws -> EvaluationPlan? {
        guard let name = arguments.dataset else { return nil }
        let set = try Datasets.library.load(name)
        return try EvaluationPlan(
            dataset: set, mode: PromptMode.auto.resolved(for: set.declaration, modelHasChatTemplate: hasTemplate))
    }

    private func connections(_ patterns: [LoadPattern]) -> Int {
        patterns.map { pattern in
            switch pattern {
            case .closed(let concurrency): concurrency
            case .open: arguments.numPrompts
            }
        }.max() ?? 1
    }

    private func measure(
        _ session: EndpointSession, _ pattern: LoadPattern, _ lengths: Lengths, _ source: inout ServingPrompts,
        load place: Int
    ) async throws -> (ServingRecord, [RequestRecord]) {
        let warmup = warmupCount(pattern)
        let (warm, timed) = (
            try await source.next(warmup, prompt: lengths.prompt, new: lengths.new),
            try await source.next(arguments.numPrompts, prompt: lengths.prompt, new: lengths.new)
        )
        let runner = LoadRunner(session.generator)
        if warmup > 0 { _ = try await runner.run(warm, .closed(concurrency: warmup), seed: arguments.seed) }
        let probe = EndpointProbe(session.group.endpoints, apiKey: RemoteSettings.apiKey())
        let first = session.group.endpoints[0]
        let isLocal = session.group.endpoints.contains(where: \.isLocal)
        let watch = ServerWatch(
            metrics: { await probe.metrics(of: first) }, devices: isLocal ? DeviceTool.installed() : nil)
        await watch.start()
        let earlier = await session.generator.account
        let (outcomes, seconds) = try await runner.run(timed, pattern, seed: arguments.seed)
        let (metrics, devices) = await watch.stop()
        let requests = outcomes.enumerated().map { RequestRecord($0.element, load: place, index: $0.offset) }
        var record = ServingRecord(
            endpoint: session.record(
                isChat: source.isChat, sent: source.kind, account: await session.generator.account, since: earlier),
            load: try load(pattern, lengths, source, warmup), requests: requests, seconds: seconds)
        record.serverMetrics = metrics
        record.devices = devices
        record.warnings = ServingDoubts.warnings(record, servers: session.group.endpoints.count) + source.warnings
        return (record, requests)
    }

    /// As many rounds as --warmup says, each of as many requests as will be under way.
    private func warmupCount(_ pattern: LoadPattern) -> Int {
        switch pattern {
        case .closed(let concurrency): min(bench.warmup * concurrency, arguments.numPrompts)
        case .open: bench.warmup
        }
    }

    private func load(
        _ pattern: LoadPattern, _ lengths: Lengths, _ source: ServingPrompts, _ warmup: Int
    ) throws -> LoadRecord {
        var load = LoadRecord(
            kind: "closed", concurrency: nil, requestRate: nil, arrivals: nil, seed: arguments.seed,
            requests: arguments.numPrompts, warmup: warmup, prompts: source.name, promptTokens: lengths.prompt,
            maxNewTokens: lengths.new, ignoreEos: source.ignoresEOS, goodput: try arguments.limits())
        switch pattern {
        case .closed(let concurrency): load.concurrency = concurrency
        case .open(let rate, let arrivals):
            (load.kind, load.requestRate, load.arrivals) = ("open", rate, arrivals.rawValue)
        }
        return load
    }

    private func say(_ point: ServingRecord, _ group: EndpointGroup, _ number: Int, of total: Int) {
        guard !bench.quiet else { return }
        func words(_ value: Double?, _ digits: Int = 1) -> String {
            value.map { String(format: "%.\(digits)f", $0) } ?? "not measured"
        }
        let load =
            point.load.concurrency.map { "\($0) at a time" }
            ?? "\(words(point.load.requestRate, 2)) requests/s arriving"
        Talk.say(
            "[\(number)/\(total)] \(group.name), \(load): \(words(point.requestsPerS, 2)) requests/s, output "
                + "\(words(point.outputTokensPerS)) tokens/s, TTFT p50 \(words(point.ttftS.map { $0.p50 * 1000 })) ms"
                + (point.failed > 0 ? ", \(point.failed) failed" : ""))
    }
}
