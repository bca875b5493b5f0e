import Foundation

/// Reading whole files, with a bound and errors that name the file.
package enum FileBytes {
    /// - Parameter limit: largest size in bytes that is read.
    /// - Throws: `EvaluationError` if the file is absent, unreadable, not a regular file or too large.
    package static func read(_ url: URL, limit: Int) throws(EvaluationError) -> [UInt8] {
        // O_NONBLOCK keeps a FIFO from blocking the open.
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(url, systemMessage(errno) + "; check the path") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(url, systemMessage(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(url, "not a regular file; name a file") }
        guard status.st_size <= limit else {
            throw failure(url, "\(status.st_size) bytes, more than the \(limit) that are read; split it")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = chunk.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(url, systemMessage(errno))
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            if bytes.count > limit { throw failure(url, "more than the \(limit) bytes that are read; split it") }
        }
    }

    /// Like `read`, unpacking gzip data.
    package static func readUnpacked(_ url: URL, limit: Int) throws(EvaluationError) -> [UInt8] {
        let bytes = try read(url, limit: limit)
        return Gzip.isGzip(bytes) ? try Gzip.decompress(bytes, file: url.path, limit: limit) : bytes
    }

    private static func failure(_ url: URL, _ what: String) -> EvaluationError {
        EvaluationError(.badInput, "\(url.path): cannot be read: \(what)")
    }
}

/// The system's words for an error number.
package func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }
