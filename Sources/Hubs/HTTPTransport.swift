import Foundation
import FoundationNetworking
import Synchronization

/// Status and headers of an answer.
struct HTTPReply: Sendable {
    var status: Int
    /// By lower-case name.
    var headers: [String: String]

    var isSuccess: Bool { (200..<300).contains(status) }
}

/// One GET at a time over Foundation's URL loading, which follows no redirect, keeps no cookie and no cache, and hands a
/// body over piece by piece.
final class HTTPTransport: Sendable {
    private let session: URLSession
    private let transfers: Transfers

    /// - Parameter patience: seconds without a byte after which a transfer is given up.
    init(patience: Double, connections: Int) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.timeoutIntervalForRequest = patience
        configuration.httpMaximumConnectionsPerHost = connections
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 1
        transfers = Transfers()
        session = URLSession(configuration: configuration, delegate: transfers, delegateQueue: queue)
    }

    deinit { session.invalidateAndCancel() }

    /// - Parameter receive: takes each piece of the body; what it throws ends the transfer and is thrown.
    /// - Throws: `URLError`, what `receive` throws, or `CancellationError`.
    func get(
        _ url: URL, headers: [String: String], receive: @escaping @Sendable (HTTPReply, Data) throws -> Void
    ) async throws -> HTTPReply {
        var request = URLRequest(url: url)
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let task = session.dataTask(with: request)
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                transfers.begin(task, receive: receive, continuation: continuation)
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }
}

/// The transfers under way, by their task.
private final class Transfers: NSObject, URLSessionDataDelegate, Sendable {
    private struct Transfer {
        var receive: @Sendable (HTTPReply, Data) throws -> Void
        var continuation: CheckedContinuation<HTTPReply, any Error>
        var reply: HTTPReply?
        var failure: (any Error)?
    }

    private let open = Mutex<[Int: Transfer]>([:])

    func begin(
        _ task: URLSessionTask, receive: @escaping @Sendable (HTTPReply, Data) throws -> Void,
        continuation: CheckedContinuation<HTTPReply, any Error>
    ) {
        open.withLock {
            $0[task.taskIdentifier] = Transfer(receive: receive, continuation: continuation)
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        note(response, of: task)
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        note(response, of: dataTask)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let transfer = open.withLock { $0[dataTask.taskIdentifier] }
        guard let transfer, transfer.failure == nil, let reply = transfer.reply, reply.isSuccess else { return }
        do {
            try transfer.receive(reply, data)
        } catch {
            open.withLock { $0[dataTask.taskIdentifier]?.failure = error }
            dataTask.cancel()
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let response = task.response { note(response, of: task) }
        guard let transfer = open.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if let failure = transfer.failure {
            transfer.continuation.resume(throwing: failure)
        } else if let error {
            let isCancelled = (error as? URLError)?.code == .cancelled
            transfer.continuation.resume(throwing: isCancelled ? CancellationError() : error)
        } else if let reply = transfer.reply {
            transfer.continuation.resume(returning: reply)
        } else {
            transfer.continuation.resume(throwing: URLError(.badServerResponse))
        }
    }

    private func note(_ response: URLResponse, of task: URLSessionTask) {
        guard let response = response as? HTTPURLResponse else { return }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            headers[String(describing: name).lowercased()] = String(describing: value)
        }
        let reply = HTTPReply(status: response.statusCode, headers: headers)
        open.withLock { $0[task.taskIdentifier]?.reply = reply }
    }
}
