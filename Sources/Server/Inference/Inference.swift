import Foundation
import Generation
import Hummingbird
import NIOCore

/// Answers `/v1/completions` and `/v1/chat/completions`.
struct Inference: Sendable {
    let model: ServedModel
    let limits: ServerLimits
    let gate: Gate
    let jobs: Jobs
    let watches: ConnectionWatches
    let metrics: Metrics
    private var texts: TokenTexts { TokenTexts(bytes: model.tokenBytes) }
    private var planner: Planner { Planner(model: model, limits: limits) }

    func complete(_ request: Request, _ context: ConnectionContext) async throws -> Response {
        let asked = try CompletionRequest.read(await JSONBody.read(request, limits: limits), limits: limits)
        let plan = try planner.plan(asked)
        let dialect = CompletionDialect(texts: texts, echoes: plan.echoes)
        return try await answer(plan, asked.common, dialect, context)
    }

    func chat(_ request: Request, _ context: ConnectionContext) async throws -> Response {
        let asked = try ChatRequest.read(await JSONBody.read(request, limits: limits), limits: limits)
        return try await answer(planner.plan(asked), asked.common, ChatDialect(texts: texts), context)
    }

    private func answer<D: Dialect>(
        _ plan: Planner.Plan, _ common: CommonFields, _ dialect: D, _ context: ConnectionContext
    ) async throws -> Response {
        let place = try gate.place(for: plan.requests.count)
        let job = Job(plan.requests, place: place, generator: model.generator, metrics: metrics)
        jobs.add(job)
        let watch = watches.watch(of: context.channel)
        let handle = watch?.onClose { job.interrupt(.disconnected) }
        let end: @Sendable () -> Void = { [jobs] in
            jobs.remove(job)
            if let handle { watch?.forget(handle) }
        }
        let frame = Answer<D.ChunkChoice>.Frame(
            id: D.names.id + Self.randomID(), created: Int(Date().timeIntervalSince1970), model: model.name)
        if watch == nil { job.interrupt(.disconnected) }
        if common.stream {
            let stream = AnswerStream(
                job: job, plan: plan, dialect: dialect, frame: frame, includeUsage: common.includeUsage)
            return Response(
                status: .ok,
                headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache"],
                body: ResponseBody { writer in
                    defer { end() }
                    try await stream.write(to: &writer)
                })
        }
        defer { end() }
        let results = try await Self.collect(job, count: plan.requests.count)
        var usage = Usage(promptTokens: plan.promptTokens)
        usage.completionTokens = results.reduce(0) { $0 + $1.tokens.count }
        let choices = results.enumerated().map { index, result in
            dialect.choice(index, result, steps: plan.steps(of: result, from: 0))
        }
        return WireCoding.response(
            Answer<D.Choice>(
                id: frame.id, object: D.names.whole, created: frame.created, model: frame.model, choices: choices,
                usage: NullIfAbsent(wrappedValue: usage),
                timings: results.count == 1 ? Timings(results[0].timing) : nil))
    }

    /// Every result, in the order of the requests.
    private static func collect(_ job: Job, count: Int) async throws -> [GenerationResult] {
        var results = [GenerationResult?](repeating: nil, count: count)
        do {
            for try await event in job.events {
                switch event {
                case .text: continue
                case .finished(let result): if let index = Int(result.id) { results[index] = result }
                case .failed(_, let reason): throw APIError.invalid(nil, reason)
                }
            }
        } catch Job.Interruption.stopping {
            throw APIError.stopping
        }
        let whole = results.compactMap(\.self)
        guard whole.count == count else { throw APIError.failed("the engine ended before every answer was whole") }
        return whole
    }

    private static func randomID() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}

extension Answer {
    /// What is the same in every part of an answer.
    struct Frame: Sendable {
        var id: String
        var created: Int
        var model: String
    }
}

extension Planner.Plan {
    /// The probabilities of a result's tokens from an index on; nil where none were asked for.
    ///
    /// The model's own end of sequence is no part of the text, and is left out.
    func steps(of result: GenerationResult, from first: Int) -> [StepProbabilities]? {
        logprobs.map { count in
            let steps = result.finishReason == .eos ? result.steps.dropLast() : result.steps[...]
            return steps.dropFirst(first).map { StepProbabilities($0, alternatives: count) }
        }
    }
}
