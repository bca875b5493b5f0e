import Foundation
import Generation
import Hummingbird
import NIOCore

/// Writes an answer as server-sent events while it is generated.
struct AnswerStream<D: Dialect>: Sendable {
    let job: Job
    let plan: Planner.Plan
    let dialect: D
    let frame: Answer<D.ChunkChoice>.Frame
    let includeUsage: Bool

    /// What has been told of one choice.
    private struct Told {
        var isOpen = false
        var steps = 0
        var offset: Int
    }

    func write(to writer: inout any ResponseBodyWriter) async throws {
        var told = (0..<plan.requests.count).map {
            Told(offset: plan.echoes.isEmpty ? 0 : plan.echoes[$0].unicodeScalars.count)
        }
        var usage = Usage(promptTokens: plan.promptTokens)
        var timings: Timings?
        do {
            for try await event in job.events {
                switch event {
                case .text(let id, let delta, let steps):
                    guard let index = Int(id) else { continue }
                    try await open(index, &told[index], &writer)
                    told[index].steps += steps.count
                    let probabilities = plan.logprobs.map { count in
                        steps.map { StepProbabilities($0, alternatives: count) }
                    }
                    let part = dialect.part(
                        index, delta, steps: probabilities, offset: &told[index].offset, finish: nil)
                    try await write(chunk([part]), to: &writer)
                case .finished(let result):
                    guard let index = Int(result.id) else { continue }
                    try await open(index, &told[index], &writer)
                    usage.completionTokens += result.tokens.count
                    timings = Timings(result.timing)
                    let rest = plan.steps(of: result, from: told[index].steps)
                    let part = dialect.part(
                        index, "", steps: rest, offset: &told[index].offset, finish: result.finishReason)
                    try await write(chunk([part]), to: &writer)
                case .failed(_, let reason): throw APIError.invalid(nil, reason)
                }
            }
            if includeUsage {
                try await write(
                    chunk([], usage: usage, timings: plan.requests.count == 1 ? timings : nil), to: &writer)
            }
        } catch Job.Interruption.stopping {
            try await write(APIError.stopping.body, to: &writer)
        } catch let error as APIError {
            try await write(error.body, to: &writer)
        }
        try await write(Data("[DONE]".utf8), to: &writer)
        try await writer.finish(nil)
    }

    private func open(_ index: Int, _ told: inout Told, _ writer: inout any ResponseBodyWriter) async throws {
        guard !told.isOpen else { return }
        told.isOpen = true
        if let opening = dialect.opening(index) { try await write(chunk([opening]), to: &writer) }
    }

    private func chunk(_ choices: [D.ChunkChoice], usage: Usage? = nil, timings: Timings? = nil) -> Data {
        WireCoding.encode(
            Answer(
                id: frame.id, object: D.names.chunk, created: frame.created, model: frame.model, choices: choices,
                usage: includeUsage ? NullIfAbsent(wrappedValue: usage) : nil, timings: timings))
    }

    private func write(_ json: Data, to writer: inout any ResponseBodyWriter) async throws {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(json.count + 8)
        buffer.writeString("data: ")
        buffer.writeBytes(json)
        buffer.writeString("\n\n")
        try await writer.write(buffer)
    }
}
