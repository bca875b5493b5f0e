import Foundation

/// A file mapped read-only for as long as somebody holds this object. All access is bounds-checked.
///
/// `@unchecked Sendable`: everything is immutable after `init`, and the mapping is never written.
package final class MappedFile: @unchecked Sendable {
    package let url: URL
    package let byteCount: Int
    private let descriptor: Int32
    private let base: UnsafeMutableRawPointer?

    /// The name used in messages.
    package var name: String { url.relativePath }

    /// Throws `CheckpointError` when the file is missing, unreadable, not a regular file or larger than `limit` bytes.
    package init(_ url: URL, limit: Int = .max) throws {
        let name = url.relativePath
        // O_NONBLOCK: a named pipe must not hang us before fstat can refuse it.
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw CheckpointError(
                "cannot be opened", file: name, found: reason, mend: "check the path and its permissions")
        }
        var ownsDescriptor = true
        defer { if ownsDescriptor { close(descriptor) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError("is not a regular file", file: name, mend: "give the path of a model file")
        }
        guard let size = Int(exactly: status.st_size), size >= 0, size <= limit else {
            throw CheckpointError(
                "the file is too large", file: name, expected: "at most \(limit) bytes", found: "\(status.st_size)")
        }
        if size > 0 {
            guard let pages = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), pages != MAP_FAILED else {
                let reason = String(cString: strerror(errno))
                throw CheckpointError(
                    "cannot be mapped into memory", file: name, found: reason,
                    mend: "raise the address space limit (ulimit -v)")
            }
            base = pages
        } else {
            base = nil
        }
        self.url = url
        self.byteCount = size
        self.descriptor = descriptor
        ownsDescriptor = false
    }

    deinit {
        if let base { munmap(base, byteCount) }
        close(descriptor)
    }

    /// Lends the bytes of `range`. Throws when it leaves the file, or when the file has shrunk since it was mapped
    /// (touching pages beyond the end would kill the process with SIGBUS; see `MappedFileFault` for the remaining
    /// window).
    func withBytes<Result>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        guard range.lowerBound >= 0, range.upperBound <= byteCount else {
            throw CheckpointError(
                "unexpected end of file", file: name, expected: "bytes \(range.lowerBound)..<\(range.upperBound)",
                found: "\(byteCount) bytes")
        }
        try checkLength()
        return try withExtendedLifetime(self) {
            guard let base, !range.isEmpty else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
            return try body(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
        }
    }

    /// Lends the whole file.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        try withBytes(0..<byteCount, body)
    }

    private func checkLength() throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) >= byteCount else {
            throw CheckpointError(
                "the file was truncated while it was in use", file: name, expected: "\(byteCount) bytes",
                found: "\(status.st_size)", mend: "let no other program write to it and start again")
        }
    }

    /// Gives the pages read so far back to the system, so that they no longer count as resident memory.
    package func releasePages() { releasePages(0..<byteCount) }

    /// The same for the pages that lie wholly within `range`, and the file's last one.
    func releasePages(_ range: Range<Int>) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        guard let base, page > 0, range.lowerBound >= 0, range.upperBound <= byteCount else { return }
        let start = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound == byteCount ? byteCount : range.upperBound / page * page
        if start < end { madvise(base + start, end - start, MADV_DONTNEED) }
    }

    /// Copies the file piece by piece to `consume` by plain reads.
    func stream(chunk: Int = 1 << 20, _ consume: (UnsafeRawBufferPointer) -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
        defer { buffer.deallocate() }
        for start in stride(from: 0, to: byteCount, by: chunk) {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(chunk, byteCount - start)])
            try read(at: start, into: piece)
            consume(UnsafeRawBufferPointer(piece))
        }
    }

    /// Copies the bytes from `offset` on by plain reads, which neither touch the mapping nor can fault: for what is read
    /// once they are quicker than mapping its pages. Throws when the file ends before `target` is full.
    func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
            let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                let reason = got < 0 ? String(cString: strerror(errno)) : "end of file at byte \(offset + done)"
                throw CheckpointError(
                    "cannot be read to its end", file: name, expected: "\(byteCount) bytes", found: reason)
            }
            done += got
        }
    }
}
