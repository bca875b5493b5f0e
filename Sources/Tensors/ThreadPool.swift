import CKernels

/// The backend's threads: persistent, briefly spinning and then sleeping, claiming chunks of work.
///
/// One job at a time, from one thread at a time.
final class ThreadPool: @unchecked Sendable {
    let handle: OpaquePointer
    let threads: Int

    init(threads: Int) throws {
        guard let handle = yb_pool_create(threads) else { throw TensorError("no memory for a pool of threads") }
        self.handle = handle
        self.threads = yb_pool_threads(handle)
    }

    deinit { yb_pool_destroy(handle) }

    /// Runs `body(chunk, worker)` for every chunk on all threads and returns when all are done; `worker` is below
    /// `threads`.
    ///
    /// `body` runs on several threads at once: what it writes must be disjoint by chunk or by worker.
    func run(chunks: Int, _ body: (Int, Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            var job = Job(body: body)
            withUnsafeMutablePointer(to: &job) { pointer in
                yb_pool_run(handle, chunks, Job.task, pointer)
            }
        }
    }

    private struct Job {
        let body: (Int, Int) -> Void

        static let task: yb_task = { context, chunk, worker in
            context?.assumingMemoryBound(to: Job.self).pointee.body(chunk, worker)
        }
    }
}
