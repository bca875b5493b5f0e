import Foundation

/// Room on the disk that a run holds back, so that on a full disk what is under way can still be written.
final class DiskReserve: Sendable {
    /// Records under way take some ten kilobytes each; the reports of a thousand problems take more, and can be made again.
    static let bytes = 1 << 20
    private let file: URL

    init(directory: URL) { file = directory.appendingPathComponent("reserve") }

    deinit { release() }

    /// Takes the room. File systems that cannot, and limits on the size of a file, leave the run without.
    /// - Throws: `EvaluationError` of kind `cannotWrite` when the disk is full already: better now than after the work.
    func fill() throws(EvaluationError) {
        // What lies there is an earlier one, or nothing that room may be taken in (a FIFO, a link to elsewhere).
        unlink(file.path)
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        let problem = posix_fallocate(descriptor, 0, off_t(Self.bytes))
        close(descriptor)
        guard problem != 0 else { return }
        release()
        if problem == ENOSPC || problem == EDQUOT {
            throw EvaluationError(
                .cannotWrite,
                "\(file.deletingLastPathComponent().path): \(systemMessage(problem)): a run needs \(Self.bytes >> 20) MiB to begin; free "
                    + "space, or choose another --output")
        }
    }

    /// Gives the room back.
    /// - Returns: whether there was any.
    @discardableResult func release() -> Bool { unlink(file.path) == 0 }
}
