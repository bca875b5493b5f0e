/// A fixed number of places, each with a number of its own; who finds none waits without holding a thread.
actor WorkerSlots {
    private let count: Int
    private var free: [Int]
    private var waiting: [CheckedContinuation<Int, Never>] = []
    private var waitingAlone: [CheckedContinuation<Int, Never>] = []
    private var isAlone = false

    init(count: Int) {
        self.count = max(1, count)
        free = Array((0..<self.count).reversed())
    }

    func acquire() async -> Int {
        if !isAlone, waitingAlone.isEmpty, let slot = free.popLast() { return slot }
        return await withCheckedContinuation { waiting.append($0) }
    }

    /// A place with nobody in the others until it is released. Whoever comes later waits.
    func acquireAlone() async -> Int {
        if !isAlone, waitingAlone.isEmpty, free.count == count, let slot = free.popLast() {
            isAlone = true
            return slot
        }
        return await withCheckedContinuation { waitingAlone.append($0) }
    }

    func release(_ slot: Int) {
        isAlone = false
        free.append(slot)
        if !waitingAlone.isEmpty {
            guard free.count == count, let slot = free.popLast() else { return }
            isAlone = true
            waitingAlone.removeFirst().resume(returning: slot)
            return
        }
        while !waiting.isEmpty, let slot = free.popLast() { waiting.removeFirst().resume(returning: slot) }
    }
}
