import Generation
import RunRecords
import Synchronization

/// A generator that asks another for the two highest logits of every step and keeps what it tells.
final class TraceRecorder: Generator {
    private let base: any Generator
    private let file: TraceFile
    private let run: String
    private let recorded: Mutex<[String: TokenTrace]>

    /// - Parameters:
    ///   - file: holds what was told at an earlier start, and gets what is told now.
    ///   - run: the run's key in the journal.
    init(_ base: any Generator, file: TraceFile, run: String) {
        self.base = base
        self.file = file
        self.run = run
        recorded = Mutex(file.earlier[run] ?? [:])
    }

    /// By request, of those whose tokens were named.
    var traces: [String: TokenTrace] { recorded.withLock { $0 } }

    var statistics: GenerationStatistics {
        get async { await base.statistics }
    }

    func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        let asking = requests.map { request in
            var request = request
            request.topLogits = max(2, request.topLogits)
            return request
        }
        let events = base.generate(asking)
        return AsyncThrowingStream { continuation in
            let relay = Task {
                do {
                    for try await event in events {
                        if case .finished(let result) = event, !result.steps.isEmpty {
                            let trace = TokenTrace(result)
                            file.append(trace, id: result.id, run: run)
                            recorded.withLock { $0[result.id] = trace }
                        }
                        continuation.yield(event)
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in relay.cancel() }
        }
    }
}

extension TokenTrace {
    /// Margins are differences of logits or of log probabilities, which are the same.
    fileprivate init(_ result: GenerationResult) {
        self.init(
            steps: result.steps.enumerated().map { index, step in
                let margin = step.top.count > 1 ? Double(step.top[0].logit) - Double(step.top[1].logit) : nil
                return Step(
                    text: result.pieces.indices.contains(index) ? result.pieces[index] : "",
                    id: step.id >= 0 ? step.id : nil, margin: margin.flatMap { $0.isFinite ? $0 : nil })
            })
    }
}
