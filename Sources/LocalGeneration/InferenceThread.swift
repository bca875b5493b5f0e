import Foundation

/// A thread of its own for the engine, so that long steps never block the cooperative pool.
final class InferenceThread: SerialExecutor, @unchecked Sendable {
    // `jobs` and `closed` are guarded by `condition`.
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var closed = false

    init() {
        let thread = Thread { [self] in serve() }
        thread.name = "yuanbench-inference"
        thread.stackSize = 4 << 20
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    /// Lets the thread end once its queue is empty.
    func close() {
        condition.withLock {
            closed = true
            condition.signal()
        }
    }

    private func serve() {
        while let job = next() { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    private func next() -> UnownedJob? {
        condition.withLock {
            while jobs.isEmpty && !closed { condition.wait() }
            return jobs.isEmpty ? nil : jobs.removeFirst()
        }
    }
}
