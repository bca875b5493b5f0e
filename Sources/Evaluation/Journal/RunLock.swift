import Foundation

/// A lock on a run directory; the system releases it when the process ends, however it ends.
struct RunLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: `EvaluationError` naming the process that holds the lock.
    init(directory: URL) throws(EvaluationError) {
        let file = directory.appendingPathComponent("run.lock")
        descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AtomicFile.failure(file, errno) }
        if !Self.lock(descriptor) {
            let number = errno
            var text = [UInt8](repeating: 0, count: 320)
            let count = text.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
            close(descriptor)
            guard number == EWOULDBLOCK else { throw AtomicFile.failure(file, number) }
            let owner = String(decoding: text.prefix(max(0, count)), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            throw EvaluationError(
                .cannotWrite,
                "\(directory.path): \(owner.isEmpty ? "another process" : "process " + owner.printable(limit: 300)) is writing this run; "
                    + "wait for it, end it, or choose another --output")
        }
        // Who it is only helps whoever is refused; the lock itself holds without it.
        if ftruncate(descriptor, 0) == 0 {
            let owner = "\(getpid()) on \(ProcessInfo.processInfo.hostName)\n"
            _ = AtomicFile.writeAll(Array(owner.utf8), to: descriptor)
        }
    }

    /// An owner that is going may hold the lock for a moment yet, and so may a child of ours that has not become another
    /// program: that is waited for, two seconds at most.
    private static func lock(_ descriptor: Int32) -> Bool {
        for _ in 0..<100 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { return false }
            usleep(20_000)
        }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    deinit { close(descriptor) }
}
