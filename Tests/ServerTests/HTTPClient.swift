import Foundation

/// A plain HTTP/1.1 client over one socket, so that tests can also send what no well-behaved client would.
///
/// Reading blocks a thread of its own, not one that the server in this process needs. One call at a time.
final class HTTPClient: @unchecked Sendable {
    struct Answer: Sendable {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var body: Data

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
        var error: [String: Any] { json["error"] as? [String: Any] ?? [:] }
        /// The JSON of each server-sent event, and whether the stream ended with `[DONE]`.
        var events: (chunks: [[String: Any]], done: Bool) {
            let data = text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: ") }.map { $0.dropFirst(6) }
            let chunks = data.compactMap {
                (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
            }
            return (chunks, data.last == "[DONE]")
        }
    }

    struct Failure: Error { var what: String }

    private var descriptor: Int32
    private let port: Int
    private var buffer = Data()
    private let queue = DispatchQueue(label: "client")

    init(port: Int) throws {
        self.port = port
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // A server that never answers fails the test instead of hanging it.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(what: "connect: \(errno)") }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Ends the connection without the usual farewell.
    func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        close()
    }

    /// Closes the sending half alone.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    func send(_ data: Data) throws {
        try data.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(
                    descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { throw Failure(what: "send: \(errno)") }
                sent += count
            }
        }
    }

    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: Data? = nil
    ) throws {
        var lines = ["\(method) \(path) HTTP/1.1"]
        var headers = headers
        headers["Host"] = headers["Host"] ?? "127.0.0.1:\(port)"
        if let body {
            headers["Content-Length"] = headers["Content-Length"] ?? "\(body.count)"
            headers["Content-Type"] = headers["Content-Type"] ?? "application/json"
        }
        lines += headers.filter { $0.value != "-" }.map { "\($0.key): \($0.value)" }
        try send(Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? Data()))
    }

    /// Sends and reads the whole answer.
    func ask(
        _ method: String, _ path: String, headers: [String: String] = [:], body: Data? = nil
    ) async throws -> Answer {
        try send(method, path, headers: headers, body: body)
        return try await read(withBody: method != "HEAD")
    }

    func post(_ path: String, _ json: [String: Any], headers: [String: String] = [:]) async throws -> Answer {
        try await ask("POST", path, headers: headers, body: JSONSerialization.data(withJSONObject: json))
    }

    func post(_ path: String, _ json: String, headers: [String: String] = [:]) async throws -> Answer {
        try await ask("POST", path, headers: headers, body: Data(json.utf8))
    }

    /// The next answer on the connection.
    func read(withBody: Bool = true) async throws -> Answer {
        try await blocking { try self.readNow(withBody: withBody) }
    }

    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    private func readNow(withBody: Bool) throws -> Answer {
        let head = try until(Data("\r\n\r\n".utf8))
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n")
        let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        var body = Data()
        guard withBody else { return Answer(status: status, headers: headers, body: body) }
        if headers["transfer-encoding"] == "chunked" {
            while true {
                let size = try until(Data("\r\n".utf8))
                let count = Int(String(decoding: size, as: UTF8.self), radix: 16) ?? 0
                if count > 0 { body += try take(count) }
                _ = try take(2)
                if count == 0 { break }
            }
        } else if let length = headers["content-length"].flatMap({ Int($0) }) {
            body = try take(length)
        }
        return Answer(status: status, headers: headers, body: body)
    }

    /// Waits for the first bytes of an answer and leaves them.
    func waitForBytes() async throws { try await blocking { if self.buffer.isEmpty { try self.fill() } } }

    private func until(_ mark: Data) throws -> Data {
        while true {
            if let range = buffer.range(of: mark) {
                let found = buffer[..<range.lowerBound]
                buffer = Data(buffer[range.upperBound...])
                return Data(found)
            }
            try fill()
        }
    }

    private func take(_ count: Int) throws -> Data {
        while buffer.count < count { try fill() }
        let taken = Data(buffer.prefix(count))
        buffer = Data(buffer.dropFirst(count))
        return taken
    }

    private func fill() throws {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { throw Failure(what: count == 0 ? "closed" : "recv: \(errno)") }
        buffer.append(contentsOf: piece[..<count])
    }
}
