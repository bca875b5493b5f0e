import Foundation
import Generation
import Synchronization

/// Engines elsewhere as a `Generator`, by the OpenAI protocol: every request goes to the least loaded of the endpoints, is
/// streamed, and tried again where that is safe. What fails for good is `.failed`, never an answer.
package final class RemoteGenerator: Generator {
    private let settings: RemoteSettings
    private let client: EndpointClient
    private let pool: EndpointPool
    private let redaction: Redaction
    private let policy: RetryPolicy
    private let state = Mutex(State())

    private struct State {
        var statistics = GenerationStatistics()
        var counting: [TokenCounting: Int] = [:]
        var retries = 0
        var begunAnew = 0
    }

    /// - Parameter endpoints: at least one.
    package convenience init(_ endpoints: [EndpointURL], settings: RemoteSettings) {
        self.init(endpoints, settings: settings, policy: RetryPolicy(retries: settings.retries))
    }

    init(_ endpoints: [EndpointURL], settings: RemoteSettings, policy: RetryPolicy) {
        self.settings = settings
        client = EndpointClient(
            transport: HTTPTransport(connections: settings.concurrency, inactivity: settings.inactivity),
            apiKey: settings.apiKey)
        pool = EndpointPool(endpoints)
        redaction = Redaction(key: settings.apiKey, endpoints: endpoints)
        self.policy = policy
    }

    package var statistics: GenerationStatistics {
        get async { state.withLock { $0.statistics } }
    }

    /// What was done so far, for a report.
    package var account: RemoteAccount {
        get async {
            let (sent, dropped) = (await pool.sent, await pool.dropped)
            return state.withLock { state in
                RemoteAccount(
                    sent: sent, retries: state.retries, counting: state.counting,
                    losses: OptionalField.allCases.filter(dropped.contains).compactMap { field in
                        field.loss.map { "the server does not know \(field.rawValue): no \($0)" }
                    } + Self.loss(begunAnew: state.begunAnew))
            }
        }
    }

    private static func loss(begunAnew count: Int) -> [String] {
        count == 0
            ? []
            : [
                "the server does not go on from an opened answer: \(count) began anew, so that their prompts are not those of a local run"
            ]
    }

    package func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        AsyncThrowingStream { continuation in
            let work = Task {
                let start = ContinuousClock.now
                await withTaskGroup(of: Void.self) { group in
                    var waiting = requests.makeIterator()
                    func begin() {
                        guard !Task.isCancelled, let request = waiting.next() else { return }
                        group.addTask { await self.answer(request) { continuation.yield($0) } }
                    }
                    for _ in 0..<min(settings.concurrency, requests.count) { begin() }
                    while await group.next() != nil { begin() }
                }
                let seconds = (ContinuousClock.now - start).inSeconds
                state.withLock { $0.statistics.wallSeconds += seconds }
                continuation.finish()
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    /// One request to its end, however often it has to be sent.
    private func answer(_ request: GenerationRequest, _ emit: @Sendable (GenerationEvent) -> Void) async {
        func fail(_ reason: String) {
            if !Task.isCancelled { emit(.failed(id: request.id, reason: redaction(reason))) }
        }
        let prompt: Prompt
        do {
            prompt = try settings.render?(request.prompt) ?? request.prompt
        } catch {
            return fail("\(error)")
        }
        var attempt = 0
        var failed: Set<Int> = []
        while !Task.isCancelled {
            let (index, dropped) = await pool.acquire(besides: failed)
            let endpoint = pool.endpoints[index]
            let body = CompletionBody(request, prompt: prompt, model: settings.model, dropped: dropped)
            let outcome = await RemoteAttempt(
                client: client, endpoint: endpoint, request: request, body: body,
                count: { [count = settings.count] in count?(request.prompt, $0) }
            ).run(emit)
            switch outcome {
            case .finished(let result, let counting):
                await pool.release(index)
                record(result, counting, isBegunAnew: result.repeatsOpening(of: prompt))
                return emit(.finished(result))
            case .failed(let reason):
                await pool.release(index)
                return fail("endpoint \(endpoint) \(reason)")
            case .unknownField(let field, let reason):
                await pool.release(index)
                // Unless another request has found out already, or this field was not in the body, it is worth a try.
                guard !dropped.contains(field) else { return fail("endpoint \(endpoint) \(reason)") }
                _ = await pool.drop(field, at: index)
            case .again(let reason, let retryAfter):
                let delay = policy.delay(attempt, retryAfter: retryAfter)
                await pool.release(index, avoid: delay ?? policy.longest)
                guard let delay else {
                    let tries = attempt == 0 ? "" : ", and did so \(attempt + 1) times"
                    return fail("endpoint \(endpoint) \(reason)\(tries)")
                }
                attempt += 1
                failed.insert(index)
                state.withLock { $0.retries += 1 }
                try? await Task.sleep(for: .seconds(delay))
            }
        }
    }

    private func record(_ result: GenerationResult, _ counting: TokenCounting, isBegunAnew: Bool) {
        state.withLock { state in
            state.counting[counting, default: 0] += 1
            if isBegunAnew { state.begunAnew += 1 }
            guard let usage = result.usage else {
                state.statistics.uncountedSequences += 1
                return
            }
            state.statistics.promptTokens += usage.promptTokens
            state.statistics.generatedTokens += usage.generatedTokens
        }
    }
}

extension GenerationResult {
    /// Whether the text begins with the last line by which its prompt had opened the answer: the server has then closed that
    /// answer, and begun another one.
    func repeatsOpening(of prompt: Prompt) -> Bool {
        guard case .chat(_, let prefill) = prompt,
            let line = prefill.split(separator: "\n").last(where: { !$0.allSatisfy(\.isWhitespace) })
        else { return false }
        return text.drop(while: \.isWhitespace).hasPrefix(line)
    }
}

/// What a `RemoteGenerator` did.
package struct RemoteAccount: Sendable, Equatable {
    /// Requests sent to each endpoint, retries included, in the order of the endpoints.
    package var sent: [Int]
    package var retries: Int
    /// Finished answers by who counted their tokens.
    package var counting: [TokenCounting: Int]
    /// What could not be had because a server does not know a field or cannot do something.
    package var losses: [String]
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
