import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// Finds who answers a request, checks who may ask, and gives every error its shape.
struct Routes: HTTPResponder {
    typealias Context = ConnectionContext

    /// What a route answers with.
    typealias Answerer = @Sendable (Request, ConnectionContext) async throws -> Response

    struct Route: Sendable {
        var method: HTTPRequest.Method
        /// As `/metrics` names it: `/runs/{name}/report.html`.
        var path: String
        /// Whether a key is needed, if the server has one.
        var isProtected: Bool
        var answer: Answerer
    }

    private let routes: [(segments: [Substring], route: Route)]
    private let hosts: HostCheck
    private let access: AccessControl
    private let metrics: Metrics
    private let log: @Sendable (String) -> Void

    init(
        _ routes: [Route], hosts: HostCheck, access: AccessControl, metrics: Metrics,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.routes = routes.map { ($0.path.split(separator: "/"), $0) }
        self.hosts = hosts
        self.access = access
        self.metrics = metrics
        self.log = log
    }

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        var name = "other"
        var response: Response
        do {
            try hosts.check(request.head)
            let (route, parameters) = try find(request)
            name = route.path
            if route.isProtected { try access.check(request.head) }
            var context = context
            context.parameters = parameters
            response = try await route.answer(request, context)
        } catch let error as APIError {
            response = error.response
        } catch is Job.Interruption {
            // The client is gone; nobody reads this, but it ends the exchange and is counted.
            response = Response(status: .init(code: 499, reasonPhrase: "Client Closed Request"))
        } catch is CancellationError {
            response = APIError.stopping.response
        } catch let error as HTTPParserError {
            throw error
        } catch {
            log("\(name): \(error)")
            response = APIError.failed("the server could not do this; its log says why").response
        }
        metrics.request(path: name, status: response.status.code)
        harden(&response)
        if response.headers[.connection] == "close" {
            // Hummingbird goes on reading what the client still sends; there is an end to that.
            let channel = context.channel
            channel.eventLoop.scheduleTask(in: Self.farewell) { channel.close(promise: nil) }
        }
        return request.method == .head
            ? Response(status: response.status, headers: response.headers) : response
    }

    private func find(_ request: Request) throws(APIError) -> (Route, [String: String]) {
        let path = request.uri.path
        let segments = path.split(separator: "/")
        var allowed: [String] = []
        for (pattern, route) in routes {
            guard let parameters = Self.match(segments, pattern) else { continue }
            let method = request.method == .head ? HTTPRequest.Method.get : request.method
            if route.method == method { return (route, parameters) }
            allowed.append(route.method.rawValue)
        }
        if allowed.isEmpty {
            throw APIError.refused(
                .notFound, "there is nothing at \"\(path.prefix(100))\"", code: "not_found")
        }
        var error = APIError.refused(
            .methodNotAllowed,
            "\(request.method.rawValue.prefix(20)) is not for this path; use \(allowed.joined(separator: ", "))",
            code: "method_not_allowed")
        error.headers[.allow] = allowed.joined(separator: ", ")
        throw error
    }

    private static func match(_ segments: [Substring], _ pattern: [Substring]) -> [String: String]? {
        guard segments.count == pattern.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, expected) in zip(segments, pattern) {
            if expected.hasPrefix("{") {
                guard let value = segment.removingPercentEncoding else { return nil }
                parameters[String(expected.dropFirst().dropLast())] = value
            } else if segment != expected {
                return nil
            }
        }
        return parameters
    }

    /// What a client gets to read an answer after which its connection is closed.
    private static let farewell = TimeAmount.seconds(2)

    /// What every answer says to browsers.
    private func harden(_ response: inout Response) {
        for (name, value) in Self.hardening where response.headers[name] == nil { response.headers[name] = value }
    }

    private static let hardening: [(HTTPField.Name, String)] = [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}

/// What belongs to the connection a request came by.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// What stood in the path where the route has `{name}`.
    var parameters: [String: String] = [:]

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
