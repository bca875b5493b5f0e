import Foundation
import Synchronization

/// Fetches one file under a temporary name, by several ranges at a time, and gives it its own name only once its size
/// and checksum are right.
struct FileDownload: Sendable {
    let file: RemoteFile
    let url: URL
    /// Headers for the hub's own server.
    let secrets: [String: String]
    let client: HubClient
    /// Where the file goes.
    let folder: URL
    /// Told the bytes that came (less than zero: that have to come again).
    let progress: @Sendable (Int) -> Void

    private var target: URL { folder.appendingPathComponent(file.name) }
    private var part: URL { folder.appendingPathComponent(file.name + ".part") }
    private var state: URL { folder.appendingPathComponent(file.name + ".part.json") }

    /// Which pieces of a partly fetched file are there.
    private struct State: Codable {
        var size: Int
        var digest: String
        var chunk: Int
        var done: Set<Int>
    }

    private var digestText: String {
        switch file.digest {
        case .sha256(let text): text
        case .gitBlob(let text): text
        }
    }

    /// - Throws: `HubError`, or `CancellationError`; what came so far is kept, unless it proved wrong.
    func run() async throws {
        if FileManager.default.fileExists(atPath: target.path) {
            // It got this name after its check.
            progress(file.size)
            return
        }
        var state = savedState() ?? State(size: file.size, digest: digestText, chunk: client.limits.chunk, done: [])
        let output = try OutputFile(part, size: file.size)
        let count = (file.size + state.chunk - 1) / state.chunk
        progress(state.done.reduce(0) { $0 + length($1, state.chunk) })
        let open = (0..<count).filter { !state.done.contains($0) }
        do {
            if count <= 1 {
                if !open.isEmpty { try await whole(output) }
            } else {
                try await ranges(open, output, &state)
            }
        } catch RangesUnsupported.error {
            progress(-state.done.reduce(0) { $0 + length($1, state.chunk) })
            try await whole(output)
        }
        try output.finish()
        try verify()
    }

    private func savedState() -> State? {
        guard let data = try? Data(contentsOf: state), let saved = try? JSONDecoder().decode(State.self, from: data),
            saved.size == file.size, saved.digest == digestText, (1...(1 << 30)).contains(saved.chunk),
            FileManager.default.fileExists(atPath: part.path)
        else { return nil }
        let count = (file.size + saved.chunk - 1) / saved.chunk
        return saved.done.allSatisfy((0..<count).contains) ? saved : nil
    }

    private func length(_ index: Int, _ chunk: Int) -> Int { min(chunk, file.size - index * chunk) }

    private func ranges(_ open: [Int], _ output: OutputFile, _ state: inout State) async throws {
        let chunk = state.chunk
        try await withThrowingTaskGroup(of: Int.self) { group in
            var waiting = open[...]
            func begin() {
                guard let index = waiting.popFirst() else { return }
                group.addTask {
                    try await range(index * chunk, length(index, chunk), output)
                    return index
                }
            }
            for _ in 0..<max(1, client.limits.connections) { begin() }
            while let index = try await group.next() {
                state.done.insert(index)
                try save(state)
                begin()
            }
        }
    }

    private func save(_ state: State) throws {
        do {
            try JSONEncoder().encode(state).write(to: self.state, options: .atomic)
        } catch {
            throw HubError(.cannotWrite, "\(self.state.path): cannot be written (\(error.localizedDescription))")
        }
    }

    /// One piece; after a passing failure it goes on where the last try ended.
    private func range(_ start: Int, _ length: Int, _ output: OutputFile) async throws {
        let received = Counter()
        try await client.retrying(url, progress: received) {
            let from = start + received.value
            let wanted = "\(from)-\(start + length - 1)"
            var headers = secrets
            headers["Range"] = "bytes=\(wanted)"
            let size = file.size
            _ = try await client.get(url, headers: headers, secrets: secrets) { reply, piece in
                guard reply.status == 206 else { throw RangesUnsupported.error }
                let told = reply.headers["content-range"] ?? "no range"
                guard told == "bytes \(wanted)/\(size)" else {
                    throw HubError(
                        .untrustworthy,
                        "\(HubAddress.shown(url)): the server sent \(told.printable()), expected bytes \(wanted)/\(size); the "
                            + "file may have changed, run the command again")
                }
                guard received.value + piece.count <= length else { throw tooLong() }
                try output.write(piece, at: start + received.value)
                received.add(piece.count)
                progress(piece.count)
            }
            if received.value < length { throw tooShort(received.value, of: length) }
        }
    }

    /// The whole file by one transfer, from the beginning.
    private func whole(_ output: OutputFile) async throws {
        try await client.retrying(url) {
            let received = Counter()
            do {
                _ = try await client.get(url, headers: secrets, secrets: secrets) { _, piece in
                    guard received.value + piece.count <= file.size else { throw tooLong() }
                    try output.write(piece, at: received.value)
                    received.add(piece.count)
                    progress(piece.count)
                }
                if received.value < file.size { throw tooShort(received.value, of: file.size) }
            } catch {
                progress(-received.value)
                throw error
            }
        }
    }

    private func tooLong() -> HubError {
        HubError(
            .untrustworthy,
            "\(HubAddress.shown(url)): the server sends more than the \(file.size) bytes it listed; nothing of it is used"
        )
    }

    private func tooShort(_ received: Int, of expected: Int) -> HubError {
        HubError(
            .unavailable,
            "\(HubAddress.shown(url)): the connection ended after \(received) of \(expected) bytes; run the same command "
                + "again to go on", isPassing: true)
    }

    private func verify() throws {
        let found: String
        do {
            found = try FileDigest.compute(part, like: file.digest, size: file.size)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw HubError(.cannotWrite, "\(part.path): cannot be read again (\(error.localizedDescription))")
        }
        try? FileManager.default.removeItem(at: state)
        guard found == digestText else {
            try? FileManager.default.removeItem(at: part)
            throw HubError(
                .untrustworthy,
                "\(HubAddress.shown(url)): its checksum is \(found), expected \(digestText); it was damaged on the way or is "
                    + "another file, and was removed; run the command again, or take another --source")
        }
        guard rename(part.path, target.path) == 0 else {
            throw HubError(.cannotWrite, "\(target.path): cannot be named so (\(String(cString: strerror(errno))))")
        }
    }
}

/// The server answers a request for a part with the whole.
private enum RangesUnsupported: Error { case error }

/// A file written at any place by several transfers.
final class OutputFile: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Makes the file as long as it will be.
    init(_ url: URL, size: Int) throws(HubError) {
        path = url.path
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
        if ftruncate(descriptor, off_t(size)) != 0 {
            let error = Self.failure(path)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    func write(_ data: Data, at offset: Int) throws(HubError) {
        var written = 0
        let bytes = [UInt8](data)
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + written))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            written += count
        }
    }

    func finish() throws(HubError) {
        if fsync(descriptor) != 0 { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> HubError {
        let mend = errno == ENOSPC ? "; free some room and run the command again, it goes on from here" : ""
        return HubError(.cannotWrite, "\(path): cannot be written (\(String(cString: strerror(errno))))\(mend)")
    }
}
