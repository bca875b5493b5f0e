import Foundation
import Generation

/// One request sent once.
struct RemoteAttempt: Sendable {
    let client: EndpointClient
    let endpoint: EndpointURL
    let request: GenerationRequest
    let body: CompletionBody
    /// Counts the tokens of a generated text where the server does not.
    let count: @Sendable (String) -> TokenUsage?

    enum Outcome: Sendable {
        case finished(GenerationResult, TokenCounting)
        /// For good; the endpoint's name is still to be put before it.
        case failed(String)
        /// Nothing was generated, so the request may be sent again, after as many seconds if the server said.
        case again(String, retryAfter: Double?)
        /// The server refuses a field that the request can do without.
        case unknownField(OptionalField, String)
    }

    func run(_ emit: @Sendable (GenerationEvent) -> Void) async -> Outcome {
        let start = ContinuousClock.now
        var received = 0
        do {
            let response = try await client.post(endpoint, body.route.rawValue, body)
            guard response.status == 200 else { return await refusal(response) }
            let type = response.headers["content-type"] ?? ""
            guard type.lowercased().hasPrefix("text/event-stream") else {
                return .failed(
                    "answered without streaming (Content-Type \"\(type.oneLine(60))\"); use a server that streams completions"
                )
            }
            var events = ServerSentEvents()
            var answer = AnswerAssembler(request)
            func finish() throws(EndpointError) -> Outcome {
                let (result, rest, counting) = try answer.finished(count: count)
                if !rest.isEmpty { emit(.text(id: request.id, delta: rest, steps: [])) }
                return .finished(result, counting)
            }
            while let bytes = try await response.body.next() {
                let seconds = (ContinuousClock.now - start).inSeconds
                received += bytes.count
                for event in try events.append(bytes) {
                    switch try answer.append(event, at: seconds) {
                    case .text(let delta):
                        if !delta.isEmpty { emit(.text(id: request.id, delta: delta, steps: [])) }
                    case .done:
                        if answer.isClosed { await response.body.drain() }
                        return try finish()
                    }
                }
            }
            if let event = events.finish() { _ = try answer.append(event, at: (ContinuousClock.now - start).inSeconds) }
            if received == 0 { return .again("closed the connection before the answer", retryAfter: nil) }
            return try finish()
        } catch let error as EndpointError {
            return .failed(error.message)
        } catch {
            let (words, isRetryable) = RetryPolicy.verdict(on: error, inactivity: client.transport.inactivity)
            if received == 0 && isRetryable { return .again(words, retryAfter: nil) }
            return .failed(received == 0 ? words : "\(words), in mid-answer")
        }
    }

    /// What a status other than 200 means.
    private func refusal(_ response: HTTPTransport.Response) async -> Outcome {
        let complaint = CompletionChunk.complaint(in: (try? await response.body.collect(1 << 16)) ?? [])
        let words = client.words(response.status, complaint, path: body.route.rawValue)
        if RetryPolicy.statuses.contains(response.status) {
            return .again(
                words, retryAfter: response.headers["retry-after"].flatMap { RetryPolicy.seconds(retryAfter: $0) })
        }
        if response.status == 400 || response.status == 422,
            let field = OptionalField.allCases.first(where: { complaint.contains($0.rawValue) })
        {
            return .unknownField(field, words)
        }
        return .failed(words)
    }
}
