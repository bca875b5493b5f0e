import Foundation
import Generation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// One model behind the OpenAI protocol, with its pages.
package final class InferenceServer: Sendable {
    private let model: ServedModel
    private let options: ServerOptions
    private let residentBytes: @Sendable () -> Int?
    private let log: @Sendable (String) -> Void
    private let gate: Gate
    private let jobs = Jobs()
    private let watches = ConnectionWatches()
    private let metrics = Metrics()
    private let group = Mutex<ServiceGroup?>(nil)
    private let isStopping = Mutex(false)

    /// - Parameters:
    ///   - residentBytes: memory of this process, for `/metrics`.
    ///   - log: where the server says what went wrong inside it; never a prompt, an answer or a key.
    package init(
        _ model: ServedModel, options: ServerOptions, residentBytes: @escaping @Sendable () -> Int? = { nil },
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.model = model
        self.options = options
        self.residentBytes = residentBytes
        self.log = log
        gate = Gate(slots: model.slots, queueLimit: options.limits.queuedSequences)
    }

    /// Serves until `stop`.
    ///
    /// - Parameter ready: called with the port once connections are taken.
    /// - Throws: `ServerError` when the address cannot be listened on.
    package func run(ready: @escaping @Sendable (Int) -> Void) async throws {
        let limits = options.limits
        let logger = Logger(label: "yuanbench") { _ in SwiftLogNoOpLogHandler() }
        let access = AccessControl(key: options.apiKey)
        let routes = Routes(
            routes(access), hosts: HostCheck(options), access: access, metrics: metrics, log: log)
        let (watches, options) = (watches, options)
        let application = Application(
            responder: routes,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [
                        ConnectionWatchHandler(watches, stallSeconds: limits.stallSeconds)
                    ],
                    idleTimeout: .seconds(Int64(limits.idleSeconds)),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), backlog: 512,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
            onServerRunning: { channel in ready(channel.localAddress?.port ?? options.port) }, logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        // For connections whose client takes nothing any more.
        configuration.maximumGracefulShutdownDuration = .seconds(options.grace + 2)
        let group = ServiceGroup(configuration: configuration)
        self.group.withLock { $0 = group }
        defer { self.group.withLock { $0 = nil } }
        do {
            try await group.run()
        } catch let error as IOError {
            let reason = String(cString: strerror(error.errnoCode))
            throw ServerError(
                "\(options.host):\(options.port): cannot be listened on (\(reason)); choose another "
                    + (error.errnoCode == EADDRINUSE ? "--port, 0 for any free one" : "--host or --port"))
        } catch let error as SocketAddressError {
            throw ServerError(
                "\(options.host): is no address of this host (\(error)); give a name or address to --host")
        }
    }

    /// Takes no more requests, gives those that were accepted `grace` seconds, ends the others, and lets `run` return.
    package func stop() async {
        let isFirst = isStopping.withLock { stopping in
            defer { stopping = true }
            return !stopping
        }
        guard isFirst else { return }
        gate.close()
        await group.withLock { $0 }?.triggerGracefulShutdown()
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(options.grace))
        while jobs.count > 0 && clock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
        jobs.stop()
    }

    private func routes(_ access: AccessControl) -> [Routes.Route] {
        let inference = Inference(
            model: model, limits: options.limits, gate: gate, jobs: jobs, watches: watches, metrics: metrics)
        let pages = Pages(shelf: options.runs.map(RunShelf.init), access: access, limits: options.limits)
        let created = Int(Date().timeIntervalSince1970)
        func route(
            _ method: HTTPRequest.Method, _ path: String, protected: Bool = true, _ answer: @escaping Routes.Answerer
        ) -> Routes.Route {
            Routes.Route(method: method, path: path, isProtected: protected, answer: answer)
        }
        return [
            route(.post, "/v1/completions", inference.complete),
            route(.post, "/v1/chat/completions", inference.chat),
            route(.get, "/v1/models") { [model] _, _ in
                WireCoding.response(ModelList(data: [ModelCard(model, created: created)]))
            },
            route(.get, "/v1/models/{name}") { [model] _, context in
                let name = context.parameters["name"] ?? ""
                guard model.answers(to: name) else {
                    throw APIError.refused(.notFound, "the model is not served here", code: "model_not_found")
                }
                return WireCoding.response(ModelCard(model, created: created))
            },
            route(.get, "/health", protected: false) { [self] _, _ in
                if isStopping.withLock({ $0 }) { throw APIError.stopping }
                return WireCoding.response(["status": "ok"])
            },
            route(.get, "/metrics") { [self] _, _ in await metricsResponse() },
        ] + pages.routes
    }

    private func metricsResponse() async -> Response {
        let gauges = Metrics.Gauges(
            running: gate.running, queued: gate.queued, connections: watches.count,
            statistics: await model.generator.statistics, residentBytes: residentBytes())
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text(gauges))))
    }
}

/// Why a server could not be started, in one sentence.
package struct ServerError: Error, CustomStringConvertible, Sendable {
    package let description: String

    package init(_ description: String) { self.description = description }
}
