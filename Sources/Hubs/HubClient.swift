import Foundation
import FoundationNetworking
import Synchronization

/// How long the client waits, and how often it tries.
package struct HubLimits: Sendable {
    /// Seconds without a byte.
    package var patience = 30.0
    /// A transfer that brings fewer bytes than `slowBytes` in `slowSeconds` is given up.
    package var slowSeconds = 30.0
    package var slowBytes = 8192
    /// Tries of one request.
    package var tries = 5
    /// Seconds before the second try; doubled before each further one.
    package var pause = 1.0
    /// Transfers at a time.
    package var connections = 4
    /// Bytes of a file asked for at a time; also what an interruption loses of each connection at most.
    package var chunk = 16 << 20

    package init() {}
}

/// GET requests by HTTPS with redirects followed safely and passing failures tried again.
package struct HubClient: Sendable {
    private static let redirects = 5
    private static let documentLimit = 32 << 20

    let limits: HubLimits
    let address: HubAddress
    private let transport: HTTPTransport

    package init(limits: HubLimits = HubLimits(), environment: [String: String]) {
        self.limits = limits
        address = HubAddress(environment: environment)
        transport = HTTPTransport(patience: limits.patience, connections: limits.connections)
    }

    /// A whole document of at most 32 MiB.
    func document(_ url: URL, headers: [String: String]) async throws -> Data {
        try await retrying(url) {
            let body = Mutex(Data())
            _ = try await get(url, headers: headers, secrets: headers) { _, piece in
                try body.withLock {
                    $0.append(piece)
                    if $0.count > Self.documentLimit {
                        throw HubError(.untrustworthy, "\(HubAddress.shown(url)): the answer is longer than 32 MiB")
                    }
                }
            }
            return body.withLock { $0 }
        }
    }

    /// Runs `work` again after a passing failure, with growing pauses.
    /// - Parameter progress: grows by what a try brought; after a good part the next counts as the first.
    func retrying<Result>(
        _ url: URL, progress: Counter = Counter(), _ work: () async throws -> Result
    ) async throws -> Result {
        var failures = 0
        var last = progress.value
        while true {
            do {
                return try await work()
            } catch {
                try Task.checkCancellation()
                guard error is HubError || error is URLError || (error as NSError).domain == NSURLErrorDomain else {
                    throw error
                }
                let explained = explain(error, url)
                // A server that only drips brings something with every try.
                failures = progress.value - last >= limits.slowBytes ? 1 : failures + 1
                last = progress.value
                guard explained.isPassing, failures < limits.tries else { throw explained }
                try await Task.sleep(for: .seconds(min(limits.pause * Double(1 << (failures - 1)), 30)))
            }
        }
    }

    /// One request, redirects followed.
    /// - Parameter secrets: headers that go to the server of `url` alone, whatever it redirects to.
    /// - Returns: the final, successful answer.
    /// - Throws: `HubError` for every other answer.
    func get(
        _ url: URL, headers: [String: String], secrets: [String: String],
        receive: @escaping @Sendable (HTTPReply, Data) throws -> Void
    ) async throws -> HTTPReply {
        var current = url
        for _ in 0...Self.redirects {
            try address.check(current)
            var sent = headers
            if !HubAddress.isSameServer(current, url) { for name in secrets.keys { sent[name] = nil } }
            let reply = try await watched(current, headers: sent, receive: receive)
            switch reply.status {
            case 200..<300: return reply
            case 301, 302, 303, 307, 308:
                guard let location = reply.headers["location"], let next = URL(string: location, relativeTo: current)
                else {
                    throw HubError(.untrustworthy, "\(HubAddress.shown(current)): redirects to no address")
                }
                current = next.absoluteURL
            default: throw failure(reply, current)
            }
        }
        throw HubError(.untrustworthy, "\(HubAddress.shown(url)): redirects more than \(Self.redirects) times")
    }

    /// A transfer that ends when it only drips.
    private func watched(
        _ url: URL, headers: [String: String], receive: @escaping @Sendable (HTTPReply, Data) throws -> Void
    ) async throws -> HTTPReply {
        let received = Counter()
        return try await withThrowingTaskGroup(of: HTTPReply?.self) { group in
            group.addTask {
                try await transport.get(url, headers: headers) { reply, piece in
                    received.add(piece.count)
                    try receive(reply, piece)
                }
            }
            group.addTask {
                var last = 0
                while true {
                    try await Task.sleep(for: .seconds(limits.slowSeconds))
                    let now = received.value
                    if now - last < limits.slowBytes { return nil }
                    last = now
                }
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let reply = first else {
                throw HubError(
                    .unavailable,
                    "\(HubAddress.shown(url)): fewer than \(limits.slowBytes) bytes came in \(Int(limits.slowSeconds)) s; "
                        + "run the same command again to go on, or take another --source or --endpoint", isPassing: true
                )
            }
            return reply
        }
    }

    private func failure(_ reply: HTTPReply, _ url: URL) -> HubError {
        let place = HubAddress.shown(url)
        let words = reply.headers["x-error-message"].map { " (\($0.printable()))" } ?? ""
        switch reply.status {
        case 401, 403:
            return HubError(
                .unavailable,
                "\(place): status \(reply.status)\(words): no access; the name may be wrong, or the model is private or asks "
                    + "for consent: accept its terms on its page and set HF_TOKEN or MODELSCOPE_API_TOKEN")
        case 404:
            return HubError(.badInput, "\(place): status 404\(words): no such model, revision or file; check the name")
        case 416: return HubError(.untrustworthy, "\(place): the server has fewer bytes than it listed (status 416)")
        case 408, 429, 500...599:
            return HubError(
                .unavailable, "\(place): status \(reply.status)\(words); the server is in trouble, try again later",
                isPassing: true)
        default: return HubError(.unavailable, "\(place): status \(reply.status)\(words), expected 200")
        }
    }

    /// Every failure as a sentence that says what to do.
    private func explain(_ error: any Error, _ url: URL) -> HubError {
        if let error = error as? HubError { return error }
        let host = (url.host ?? "the server").printable()
        guard
            let code = (error as? URLError)?.code ?? URLError.Code(rawValue: (error as NSError).code) as URLError.Code?
        else {
            return HubError(.unavailable, "\(host): \(error.localizedDescription.printable())", isPassing: true)
        }
        let mend =
            "; offline? A folder or .gguf that is already here works by its path. Behind a proxy set HTTPS_PROXY; a mirror "
            + "goes by --endpoint, another hub by --source"
        switch code {
        case .cannotFindHost, .dnsLookupFailed, .notConnectedToInternet:
            return HubError(.unavailable, "\(host): cannot be found\(mend)")
        case .cannotConnectToHost: return HubError(.unavailable, "\(host): takes no connection\(mend)", isPassing: true)
        case .timedOut: return HubError(.unavailable, "\(host): no answer in time\(mend)", isPassing: true)
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateNotYetValid, .serverCertificateHasUnknownRoot:
            return HubError(
                .untrustworthy,
                "\(host): the secure connection failed (\(error.localizedDescription.printable())); a proxy that opens HTTPS "
                    + "needs its certificate among the system's")
        default:
            return HubError(
                .unavailable, "\(host): \(error.localizedDescription.printable())\(mend)", isPassing: true)
        }
    }
}

/// A sum that several tasks add to.
final class Counter: Sendable {
    private let sum = Atomic(0)

    var value: Int { sum.load(ordering: .relaxed) }
    func add(_ count: Int) { sum.add(count, ordering: .relaxed) }
}
