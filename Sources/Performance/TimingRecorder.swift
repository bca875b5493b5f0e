import Generation
import Synchronization

/// A generator that passes another's events on and keeps the timing of each finished sequence.
package final class TimingRecorder: Generator {
    private let base: any Generator
    private let recorded = Mutex<[SequenceTiming]>([])

    package init(_ base: any Generator) { self.base = base }

    /// Of every sequence finished so far.
    package var timings: [SequenceTiming] { recorded.withLock { $0 } }

    package var statistics: GenerationStatistics {
        get async { await base.statistics }
    }

    package func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        let events = base.generate(requests)
        return AsyncThrowingStream { continuation in
            let relay = Task {
                do {
                    for try await event in events {
                        if case .finished(let result) = event { recorded.withLock { $0.append(result.timing) } }
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
