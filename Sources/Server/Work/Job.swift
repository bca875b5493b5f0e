import Generation
import Synchronization

/// The sequences of one HTTP request: they wait at the gate, go to the generator in one call, and tell of themselves.
final class Job: Sendable {
    /// Why a job ended before it was done.
    enum Interruption: Error {
        /// Its client has gone away.
        case disconnected
        case stopping
    }

    private let interruption = Mutex<Interruption?>(nil)
    private let work = Mutex<Task<Void, Never>?>(nil)
    /// What the generator tells; ends by throwing an `Interruption`, or what the generator throws.
    let events: AsyncThrowingStream<GenerationEvent, any Error>

    /// - Parameter place: already taken, so that a full queue refused the request before anything else happened.
    init(_ requests: [GenerationRequest], place: Place, generator: any Generator, metrics: Metrics) {
        let (events, continuation) = AsyncThrowingStream<GenerationEvent, any Error>.makeStream()
        self.events = events
        let clock = ContinuousClock()
        let arrival = clock.now
        let task = Task { [weak self] in
            defer { place.leave() }
            var hasToken: Set<String> = []
            do {
                guard await place.wait() else { throw CancellationError() }
                for try await event in generator.generate(requests) {
                    switch event {
                    case .text(let id, _, _):
                        if hasToken.insert(id).inserted { metrics.firstToken(after: clock.now - arrival) }
                    case .finished(let result):
                        if hasToken.insert(result.id).inserted { metrics.firstToken(after: clock.now - arrival) }
                        metrics.finished(result)
                        place.finishOne()
                    case .failed:
                        place.finishOne()
                    }
                    continuation.yield(event)
                }
                try Task.checkCancellation()
                continuation.finish()
            } catch {
                if let reason = self?.interruption.withLock({ $0 }) {
                    continuation.finish(throwing: reason)
                } else if error is CancellationError {
                    continuation.finish(throwing: Interruption.disconnected)
                } else {
                    continuation.finish(throwing: APIError.failed("the engine failed: \(error)"))
                }
            }
        }
        work.withLock { $0 = task }
        continuation.onTermination = { _ in task.cancel() }
    }

    /// Ends the job within one step of the generator.
    func interrupt(_ reason: Interruption) {
        interruption.withLock { $0 = $0 ?? reason }
        // Before the task is there, nothing has begun that would not see this.
        work.withLock { $0 }?.cancel()
    }
}

/// The jobs under way, so that a stopping server can end them.
final class Jobs: Sendable {
    private let state = Mutex<(jobs: [ObjectIdentifier: Job], isStopped: Bool)>(([:], false))

    func add(_ job: Job) {
        let isStopped = state.withLock { state in
            state.jobs[ObjectIdentifier(job)] = job
            return state.isStopped
        }
        if isStopped { job.interrupt(.stopping) }
    }

    func remove(_ job: Job) { state.withLock { _ = $0.jobs.removeValue(forKey: ObjectIdentifier(job)) } }

    var count: Int { state.withLock { $0.jobs.count } }

    /// Ends every job, and those that are still to come.
    func stop() {
        let jobs = state.withLock { state in
            state.isStopped = true
            return Array(state.jobs.values)
        }
        for job in jobs { job.interrupt(.stopping) }
    }
}
