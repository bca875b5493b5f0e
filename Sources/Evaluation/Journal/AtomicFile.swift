import Foundation

/// Writing files that are either the old or the new version, whatever happens in between.
package enum AtomicFile {
    /// Writes under a temporary name, syncs, renames, and syncs the folder.
    /// - Throws: `EvaluationError` of kind `cannotWrite` naming the file; the old file is then untouched.
    package static func write(_ bytes: some Sequence<UInt8>, to url: URL) throws(EvaluationError) {
        let folder = url.deletingLastPathComponent()
        let temporary = folder.appendingPathComponent(".\(url.lastPathComponent).\(getpid()).tmp")
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(url, errno) }
        var problem = writeAll(Array(bytes), to: descriptor)
        if problem == 0, fsync(descriptor) != 0 { problem = errno }
        if close(descriptor) != 0, problem == 0 { problem = errno }
        if problem == 0, rename(temporary.path, url.path) != 0 { problem = errno }
        guard problem == 0 else {
            unlink(temporary.path)
            throw failure(url, problem)
        }
        try syncFolder(folder)
    }

    /// Takes away what killed processes left under temporary names. Only for a folder that nobody else is writing to.
    static func removeLeftovers(in folder: URL) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
            let parts = name.split(separator: ".")
            guard name.hasPrefix("."), parts.count > 2, parts.last == "tmp", Int32(parts[parts.count - 2]) != nil else {
                continue
            }
            unlink(folder.appendingPathComponent(name).path)
        }
    }

    /// Cuts a file to its first `length` bytes, durably.
    static func cut(_ url: URL, to length: Int) throws(EvaluationError) {
        let descriptor = open(url.path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(url, errno) }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else { throw failure(url, errno) }
    }

    /// Makes names that were added to a folder durable.
    static func syncFolder(_ folder: URL) throws(EvaluationError) {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder, errno) }
        defer { close(descriptor) }
        // Some file systems cannot sync a folder and say EINVAL; their renames are durable in their own way.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(folder, errno) }
    }

    /// Writes all bytes, however many calls it takes.
    /// - Returns: 0, or the error number.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            written += count
        }
        return 0
    }

    static func failure(_ url: URL, _ number: Int32) -> EvaluationError {
        EvaluationError(
            .cannotWrite,
            "\(url.path): cannot be written: \(systemMessage(number)); free space or choose another --output")
    }
}
