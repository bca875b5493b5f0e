import Foundation
import Generation
import Synchronization

/// A generator whose every token waits for the test: `release` lets one step of all running sequences happen. Token ids
/// are the bytes of its text, which is "abc…" for each sequence.
final class ScriptedGenerator: Generator {
    private struct State {
        var running: [String: Int] = [:]
        var most = 0
        var calls = 0
        var isFree = false
        var seen: [GenerationRequest] = []
    }

    private let state = Mutex(State())

    /// - Parameter isFree: tokens come as fast as they can.
    init(isFree: Bool = true) { state.withLock { $0.isFree = isFree } }

    var running: Int { state.withLock { $0.running.count } }
    /// The most sequences that ran at once.
    var most: Int { state.withLock { $0.most } }
    var requests: [GenerationRequest] { state.withLock { $0.seen } }
    func letGo() { state.withLock { $0.isFree = true } }

    func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        let call = state.withLock { state in
            state.calls += 1
            state.seen += requests
            for request in requests { state.running["\(state.calls)/\(request.id)"] = 0 }
            state.most = max(state.most, state.running.count)
            return state.calls
        }
        return AsyncThrowingStream { continuation in
            let work = Task {
                for request in requests {
                    var text = ""
                    var steps: [StepLogits] = []
                    while text.count < request.maxNewTokens {
                        // One token before the test says so, then none.
                        while !text.isEmpty && !state.withLock({ $0.isFree }) && !Task.isCancelled {
                            try? await Task.sleep(for: .milliseconds(2))
                        }
                        if Task.isCancelled { break }
                        let id = 97 + text.count % 26
                        let piece = String(UnicodeScalar(UInt8(id)))
                        text += piece
                        let step = StepLogits(
                            id: id, top: [(id: id, logit: 2), (id: 65, logit: 1)], logit: 2, logNormalizer: 2.5)
                        if request.topLogits > 0 { steps.append(step) }
                        continuation.yield(
                            .text(id: request.id, delta: piece, steps: request.topLogits > 0 ? [step] : []))
                    }
                    _ = state.withLock { $0.running.removeValue(forKey: "\(call)/\(request.id)") }
                    if Task.isCancelled { continue }
                    let prompt = if case .tokens(let ids) = request.prompt { ids } else { [Int]() }
                    continuation.yield(
                        .finished(
                            GenerationResult(
                                id: request.id, text: text, promptTokens: prompt,
                                tokens: text.utf8.map(Int.init), finishReason: .length,
                                timing: SequenceTiming(
                                    timeToFirstToken: 0.01, interToken: Array(repeating: 0.002, count: text.count - 1)),
                                steps: steps)))
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    var statistics: GenerationStatistics { get async { GenerationStatistics() } }
}
