import Synchronization

/// Lets as many sequences through as run side by side, and the others in the order they came.
///
/// The generator gets no more than it runs, so what waits is counted here, leaves the queue when its client does, and
/// cannot be overtaken.
final class Gate: Sendable {
    private struct Waiter {
        var id: Int
        var weight: Int
        var sequences: Int
        var continuation: CheckedContinuation<Bool, Never>?
    }

    private struct State {
        var free: Int
        var waiting: [Waiter] = []
        /// Let in before they began to wait.
        var granted: [Int: Waiter] = [:]
        var nextID = 0
        var isClosed = false
        /// Sequences of requests that have passed and are not yet done.
        var running = 0

        var queued: Int { waiting.reduce(0) { $0 + $1.sequences } }
    }

    let slots: Int
    let queueLimit: Int
    private let state: Mutex<State>

    init(slots: Int, queueLimit: Int) {
        self.slots = max(1, slots)
        self.queueLimit = queueLimit
        state = Mutex(State(free: max(1, slots)))
    }

    var running: Int { state.withLock { $0.running } }
    var queued: Int { state.withLock { $0.queued } }

    /// Takes a place for `sequences`: slots, or one in the queue.
    ///
    /// A request with more sequences than there are slots takes them all.
    /// - Throws: 429 when the queue is full, 503 once the gate is closed.
    func place(for sequences: Int) throws(APIError) -> Place {
        let weight = min(sequences, slots)
        let result = state.withLock { state -> Result<Place, APIError> in
            if state.isClosed { return .failure(.stopping) }
            let id = state.nextID
            if state.waiting.isEmpty && state.free >= weight {
                state.free -= weight
                state.running += sequences
                state.nextID += 1
                return .success(Place(self, id: id, sequences: sequences, held: weight))
            }
            let queued = state.queued
            // An empty queue takes any one request, however many answers it asks for.
            if queued > 0 || queueLimit == 0, queued + sequences > queueLimit {
                return .failure(.busy(queued: queued, limit: queueLimit))
            }
            state.nextID += 1
            state.waiting.append(Waiter(id: id, weight: weight, sequences: sequences))
            return .success(Place(self, id: id, sequences: sequences, held: 0))
        }
        return try result.get()
    }

    /// Lets nobody in any more; who has a place keeps it.
    func close() { state.withLock { $0.isClosed = true } }

    /// Waits for the slots of a place in the queue. False if the task is cancelled before.
    fileprivate func wait(_ id: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = state.withLock { state -> Bool? in
                    if state.granted.removeValue(forKey: id) != nil { return true }
                    guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return false }
                    if Task.isCancelled {
                        state.waiting.remove(at: index)
                        return false
                    }
                    state.waiting[index].continuation = continuation
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            leave(id)
        }
    }

    /// Takes a place out of the queue, if it is still there, and lets in whom it held up.
    fileprivate func leave(_ id: Int) {
        let (gone, granted) = state.withLock { state -> (Waiter?, Waiter?) in
            let index = state.waiting.firstIndex { $0.id == id }
            return (index.map { state.waiting.remove(at: $0) }, state.granted.removeValue(forKey: id))
        }
        gone?.continuation?.resume(returning: false)
        release(slots: granted?.weight ?? 0, sequences: granted?.sequences ?? 0)
    }

    fileprivate func release(slots: Int, sequences: Int) {
        let admitted = state.withLock { state -> [Waiter] in
            state.free += slots
            state.running -= sequences
            var admitted: [Waiter] = []
            while let next = state.waiting.first, state.free >= next.weight {
                state.free -= next.weight
                state.running += next.sequences
                state.waiting.removeFirst()
                if next.continuation == nil { state.granted[next.id] = next } else { admitted.append(next) }
            }
            return admitted
        }
        for waiter in admitted { waiter.continuation?.resume(returning: true) }
    }
}

/// A request's place at the gate; given back when it ends, at the latest with the last reference.
final class Place: Sendable {
    private struct State {
        var held: Int
        var remaining: Int
        var isWaiting: Bool
        var isOver = false
    }

    private let gate: Gate
    private let id: Int
    private let state: Mutex<State>

    fileprivate init(_ gate: Gate, id: Int, sequences: Int, held: Int) {
        self.gate = gate
        self.id = id
        state = Mutex(State(held: held, remaining: sequences, isWaiting: held == 0))
    }

    deinit { leave() }

    /// Returns once the slots are there; false if the task was cancelled before.
    func wait() async -> Bool {
        guard state.withLock({ $0.isWaiting }) else { return true }
        guard await gate.wait(id) else { return false }
        state.withLock {
            $0.isWaiting = false
            $0.held = min($0.remaining, gate.slots)
        }
        return true
    }

    /// One sequence is done: its slot is free, unless others of the request are to follow in it.
    func finishOne() {
        let slots = state.withLock { state -> Int? in
            guard !state.isOver, !state.isWaiting, state.remaining > 0 else { return nil }
            state.remaining -= 1
            let spare = max(0, state.held - state.remaining)
            state.held -= spare
            return spare
        }
        if let slots { gate.release(slots: slots, sequences: 1) }
    }

    /// Everything is done, or given up.
    func leave() {
        let (held, remaining, waiting) = state.withLock { state in
            defer {
                state.isOver = true
                state.held = 0
                state.remaining = 0
            }
            return state.isOver ? (0, 0, false) : (state.held, state.remaining, state.isWaiting)
        }
        if waiting { gate.leave(id) } else { gate.release(slots: held, sequences: remaining) }
    }
}
