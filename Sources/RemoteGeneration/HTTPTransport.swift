import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// The HTTP client of an endpoint: HTTP/1.1, no redirects (a key must not follow one), no limit but silence.
final class HTTPTransport: Sendable {
    private let client: HTTPClient
    /// Seconds without a byte after which a request has failed.
    let inactivity: Double
    /// Whether a server has left a connection open, so that a request may meet one that has ended since.
    private let keepsConnections = Atomic(false)
    private static let mostSendings = 4

    /// - Parameter connections: to one server at the same time.
    init(connections: Int, inactivity: Double) {
        self.inactivity = inactivity
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: .milliseconds(Int64(min(inactivity, 30) * 1000)),
                read: .milliseconds(Int64(inactivity * 1000))),
            decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, connections)
        // Repeating is decided in one place, RetryPolicy.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Below the five seconds after which common servers (uvicorn) hang up an idle connection.
        configuration.connectionPool.idleTimeout = .seconds(4)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit {
        // The client insists on being shut down; the closure keeps it until it is.
        let client = client
        client.shutdown { _ in withExtendedLifetime(client) {} }
    }

    /// A response whose body is still to come.
    struct Response: Sendable {
        var status: UInt
        var headers: [String: String]
        var body: Body
    }

    /// Read by one task at a time.
    final class Body: @unchecked Sendable {
        private var iterator: HTTPClientResponse.Body.AsyncIterator

        init(_ body: HTTPClientResponse.Body) { iterator = body.makeAsyncIterator() }

        /// The next bytes as they arrived; nil at the end.
        func next() async throws -> ByteBufferView? { try await iterator.next()?.readableBytesView }

        /// At most `limit` bytes from the beginning.
        func collect(_ limit: Int) async throws -> [UInt8] {
            var bytes: [UInt8] = []
            while bytes.count < limit, let part = try await next() { bytes += part }
            return Array(bytes.prefix(limit))
        }

        /// Reads what is left after the last event, so that the connection can serve the next request; hangs up after a
        /// fifth of a second. Another connection instead could find the server without a thread for it: llama-server has
        /// few, and each waits for the silence of the connection it has.
        func drain() async {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { while (try? await self.next()) != nil {} }
                group.addTask { try? await Task.sleep(for: .milliseconds(200)) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// Sends a request, again at once where it met a connection that the server was just closing: llama-server closes one
    /// after every stream without saying so. The clock of whoever waits goes on meanwhile.
    /// - Parameter json: nil for a GET.
    func send(_ address: String, headers: [String: String], json: [UInt8]?) async throws -> Response {
        var request = HTTPClientRequest(url: address)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let json {
            request.method = .POST
            request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json))
        }
        let response = try await execute(request)
        if response.headers.first(name: "connection")?.lowercased() != "close" {
            keepsConnections.store(true, ordering: .relaxed)
        }
        return Response(
            status: response.status.code,
            headers: Dictionary(
                response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { a, _ in a }),
            body: Body(response.body))
    }

    private func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        for _ in 1..<Self.mostSendings {
            let start = ContinuousClock.now
            do {
                return try await client.execute(request, deadline: .distantFuture)
            } catch {
                guard RetryPolicy.isLostConnection(error) else { throw error }
                // One that was new, or that was lost while the server worked, is the caller's to judge.
                let isStale = keepsConnections.load(ordering: .relaxed) && ContinuousClock.now - start < .seconds(1)
                guard isStale, !Task.isCancelled else { throw error }
            }
        }
        return try await client.execute(request, deadline: .distantFuture)
    }
}
