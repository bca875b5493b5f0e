import Foundation
import Generation
import Synchronization

/// What became of one request of a load.
package struct LoadOutcome: Sendable {
    /// Seconds from the beginning of the load to sending it.
    package var startS: Double
    /// nil if it failed.
    package var result: GenerationResult?
    package var error: String?

    package init(startS: Double, result: GenerationResult?, error: String?) {
        self.startS = startS
        self.result = result
        self.error = error
    }
}

/// Puts a generator under load, one request at a time or many.
package struct LoadRunner: Sendable {
    private let generator: any Generator

    package init(_ generator: any Generator) { self.generator = generator }

    /// Sends all requests by the pattern and waits for the last answer.
    /// - Parameters:
    ///   - seed: of the arrivals of an open loop.
    ///   - progress: told the number of requests that are done.
    /// - Returns: outcomes in the order of the requests, and the seconds it took.
    /// - Throws: `CancellationError`.
    package func run(
        _ requests: [GenerationRequest], _ pattern: LoadPattern, seed: Int,
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> (outcomes: [LoadOutcome], seconds: Double) {
        let clock = ContinuousClock()
        let start = clock.now
        let outcomes = Mutex([LoadOutcome?](repeating: nil, count: requests.count))
        let send: @Sendable (Int) async -> Void = { index in
            let outcome = await one(requests[index], since: start)
            outcomes.withLock { $0[index] = outcome }
        }
        await withTaskGroup(of: Void.self) { group in
            var done = 0
            func finished() {
                done += 1
                progress(done)
            }
            switch pattern {
            case .closed(let concurrency):
                var next = 0
                func begin() {
                    guard next < requests.count, !Task.isCancelled else { return }
                    group.addTask { [next] in await send(next) }
                    next += 1
                }
                for _ in 0..<max(1, concurrency) { begin() }
                while await group.next() != nil {
                    finished()
                    begin()
                }
            case .open(let rate, let arrivals):
                let times = ArrivalSchedule.seconds(
                    count: requests.count, rate: rate, arrivals: arrivals, seed: seed)
                for (index, time) in times.enumerated() {
                    try? await clock.sleep(until: start + .seconds(time), tolerance: .zero)
                    if Task.isCancelled { break }
                    group.addTask { await send(index) }
                }
                while await group.next() != nil { finished() }
            }
        }
        try Task.checkCancellation()
        let seconds = (clock.now - start).inSeconds
        let found = outcomes.withLock { $0 }
        return (found.map { $0 ?? LoadOutcome(startS: 0, result: nil, error: "was not sent") }, seconds)
    }

    private func one(_ request: GenerationRequest, since start: ContinuousClock.Instant) async -> LoadOutcome {
        var outcome = LoadOutcome(
            startS: (ContinuousClock.now - start).inSeconds, result: nil, error: "ended without an answer")
        do {
            for try await event in generator.generate([request]) {
                switch event {
                case .text: break
                case .finished(let result): (outcome.result, outcome.error) = (result, nil)
                case .failed(_, let reason): outcome.error = reason
                }
            }
        } catch {
            outcome.error = "\(error)"
        }
        return outcome
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
