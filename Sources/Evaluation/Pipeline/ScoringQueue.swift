import Execution
import RunRecords
import Synchronization

/// What an evaluation tells while it works.
package enum EvaluationEvent: Sendable {
    /// `done` of `total` records were there from earlier.
    case started(total: Int, done: Int)
    /// An answer is complete and goes to its test.
    case generated(id: String, tokens: Int)
    /// A record is complete, and safe on disk if there is a journal.
    case scored(ProblemRecord)
    /// Everything is done: all records in the data set's order.
    case finished([ProblemRecord])

    /// The events of some work as a stream that ends when it ends; ending the consumer cancels the work.
    static func stream(
        of work: @escaping @Sendable (_ emit: @escaping @Sendable (EvaluationEvent) -> Void) async throws -> Void
    ) -> AsyncThrowingStream<EvaluationEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await work { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { reason in
                if case .cancelled = reason { task.cancel() }
            }
        }
    }
}

/// Scores answers side by side with whatever makes them, and keeps their records.
struct ScoringQueue: Sendable {
    private let journal: Journal?
    private let run: String
    private let slots: Slots
    private let emit: @Sendable (EvaluationEvent) -> Void
    private let state = Shared()

    private final class Shared: Sendable {
        let failure = Mutex<(any Error)?>(nil)
        let records = Mutex<[Key: ProblemRecord]>([:])
        /// Records that are not made yet.
        let unmade = Mutex(0)
    }

    struct Key: Hashable, Sendable {
        var id: String
        var sample: Int
    }

    init(journal: Journal?, run: String, workers: Int, emit: @escaping @Sendable (EvaluationEvent) -> Void) {
        self.journal = journal
        self.run = run
        self.emit = emit
        slots = Slots(workers)
    }

    /// Records of earlier that stand. Failures of the harness are tried again.
    func adopt(_ keys: Set<Key>) -> Set<Key> {
        var adopted: Set<Key> = []
        for record in journal?.recovery.records[run] ?? [] {
            let key = Key(id: record.id, sample: record.sample)
            let harnessFailed = Verdict(rawValue: record.verdict)?.isHarnessFailure ?? true
            guard keys.contains(key), !harnessFailed else { continue }
            state.records.withLock { $0[key] = record }
            adopted.insert(key)
        }
        return adopted
    }

    /// Tells how many records are to be made.
    func expect(_ count: Int) { state.unmade.withLock { $0 = count } }

    /// Makes one record when a place is free and keeps it. A test that has begun is finished even if the run is
    /// cancelled, so that no answer is lost that was there to be judged.
    func score(_ make: @escaping @Sendable () async -> ProblemRecord) async {
        await slots.acquire()
        if Task.isCancelled || state.failure.withLock({ $0 != nil }) {
            await slots.release()
            return
        }
        let record = await Task { await make() }.value
        await slots.release()
        let isLast = state.unmade.withLock { unmade in
            unmade -= 1
            return unmade == 0
        }
        do {
            try await journal?.append(record, run: run, isLast: isLast)
        } catch {
            state.failure.withLock { $0 = $0 ?? error }
            return
        }
        state.records.withLock { $0[Key(id: record.id, sample: record.sample)] = record }
        emit(.scored(record))
    }

    /// - Throws: the first failure to keep a record.
    func checkFailure() throws {
        if let failure = state.failure.withLock({ $0 }) { throw failure }
    }

    /// - Throws: what a full disk has to say at the end, with every record counted that still became safe.
    func checkKept() async throws {
        guard state.failure.withLock({ $0 != nil }) else { return }
        try await journal?.check()
        try checkFailure()
    }

    /// The records of `keys`, in their order.
    func records(_ keys: [Key]) -> [ProblemRecord] {
        state.records.withLock { records in keys.compactMap { records[$0] } }
    }
}
