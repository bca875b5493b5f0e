import Foundation
import Synchronization

/// A server on loopback that answers as it is told, byte by byte: for tests of what speaks HTTP to others.
///
/// Every connection has a thread of its own; everything waits at most a few seconds.
package final class FakeEndpoint: Sendable {
    /// A request as it came.
    package struct Request: Sendable {
        package var method: String
        package var path: String
        package var head: String
        package var body: String
        /// 0 for the first request of the server.
        package var number: Int

        /// The body as a JSON object; empty if it is none.
        package var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
        }
    }

    /// What a script does with a connection.
    package final class Connection {
        private let socket: Int32
        private(set) var isOpen = true

        fileprivate init(_ socket: Int32) { self.socket = socket }

        /// Sends bytes as they are; false once the client has hung up.
        @discardableResult
        package func send(_ bytes: some Sequence<UInt8>) -> Bool {
            let data = Array(bytes)
            var sent = 0
            while sent < data.count {
                let count = data[sent...].withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { return false }
                sent += count
            }
            return true
        }

        @discardableResult
        package func send(_ text: String) -> Bool { send(text.utf8) }

        /// The head of a stream of events; what follows ends with the connection.
        package func beginStream() {
            send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n")
        }

        /// An event with this data.
        @discardableResult
        package func event(_ data: String) -> Bool { send("data: \(data)\n\n") }

        /// A whole answer.
        package func answer(_ status: Int, _ body: String, headers: [String] = [], type: String = "application/json") {
            let lines = [
                "HTTP/1.1 \(status) Told", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)",
                "Connection: close",
            ]
            send((lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body)
        }

        /// Ends the connection by a reset, so that the client sees an error rather than an end.
        package func reset() {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            close()
        }

        /// Waits for the client to send something more on this connection, two seconds at most.
        package func awaitMore() {
            var wanted = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            poll(&wanted, 1, 2000)
        }

        package func close() {
            guard isOpen else { return }
            isOpen = false
            Glibc.close(socket)
        }
    }

    private let listener: Int32
    package let port: Int
    private let received = Mutex<[Request]>([])
    private let script: @Sendable (Request, Connection) -> Void

    /// - Parameter script: called on a thread of its own for every request; the connection is closed after it.
    package init(_ script: @escaping @Sendable (Request, Connection) -> Void) throws {
        self.script = script
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                Glibc.bind(listener, plain, size) == 0 && Glibc.listen(listener, 128) == 0
                    && getsockname(listener, plain, &size) == 0
            }
        }
        self.listener = listener
        guard bound else { throw CocoaError(.fileNoSuchFile) }
        port = Int(UInt16(bigEndian: address.sin_port))
        // The thread closes the socket itself: a number that is free again belongs to somebody else at once.
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 && errno == EINTR { continue }
                if connection < 0 { break }
                Thread.detachNewThread { self.serve(connection) }
            }
            close(listener)
        }
    }

    /// Refuses connections from now on. A server that nobody stops lives as long as the process: which variable holds it
    /// how long is the optimiser's business.
    package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    package var url: String { "http://127.0.0.1:\(port)" }
    /// Everything that was asked so far.
    package var requests: [Request] { received.withLock { $0 } }
    /// Of them, those for completions.
    package var completions: [Request] { requests.filter { $0.path.hasSuffix("completions") } }

    private func serve(_ socket: Int32) {
        let connection = Connection(socket)
        defer { connection.close() }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        guard let request = read(socket) else { return }
        script(request, connection)
    }

    private func read(_ socket: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        func more() -> Bool {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count > 0 { bytes += buffer[..<count] }
            return count > 0
        }
        let end = Array("\r\n\r\n".utf8)
        var split: Range<Int>?
        while split == nil {
            guard more() else { return nil }
            split = bytes.firstRange(of: end)
        }
        guard let split else { return nil }
        let head = String(decoding: bytes[..<split.lowerBound], as: UTF8.self)
        let words = head.split(separator: " ").map(String.init)
        let length =
            head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        while bytes.count < split.upperBound + length { guard more() else { return nil } }
        let body = String(decoding: bytes[split.upperBound...], as: UTF8.self)
        return received.withLock { all in
            let request = Request(
                method: words.first ?? "", path: words.count > 1 ? words[1] : "", head: head, body: body,
                number: all.count)
            all.append(request)
            return request
        }
    }
}

extension FakeEndpoint.Connection {
    /// A whole stream of `/v1/completions`: a chunk a piece, the finish, usage and [DONE].
    package func complete(
        _ pieces: [String], finish: String = "stop", usage: (prompt: Int, completion: Int)? = (7, 3), done: Bool = true
    ) {
        beginStream()
        for piece in pieces {
            let text = String(decoding: (try? JSONEncoder().encode(piece)) ?? Data(), as: UTF8.self)
            event(#"{"choices":[{"index":0,"text":\#(text),"finish_reason":null}]}"#)
        }
        event(#"{"choices":[{"index":0,"text":"","finish_reason":"\#(finish)"}]}"#)
        if let usage {
            event(
                #"{"choices":[],"usage":{"prompt_tokens":\#(usage.prompt),"completion_tokens":\#(usage.completion)}}"#)
        }
        if done { event("[DONE]") }
    }
}
