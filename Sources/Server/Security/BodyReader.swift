import Hummingbird
import NIOCore
import NIOHTTP1

/// Reads a request's body within its limits of size and time.
struct BodyReader: Sendable {
    let limits: ServerLimits

    /// - Throws: 413 beyond the limit, 408 when it takes too long.
    func read(_ request: Request) async throws -> ByteBuffer {
        do {
            return try await collect(request)
        } catch let error where error is APIError || error is HTTPParserError || error is CancellationError {
            throw error
        } catch {
            // The connection broke.
            throw Job.Interruption.disconnected
        }
    }

    private func collect(_ request: Request) async throws -> ByteBuffer {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.bodyBytes {
            throw tooLarge
        }
        let (limits, tooLarge) = (limits, tooLarge)
        let body = request.body
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                var whole = ByteBuffer()
                for try await part in body {
                    guard whole.readableBytes + part.readableBytes <= limits.bodyBytes else { throw tooLarge }
                    whole.writeImmutableBuffer(part)
                }
                return whole
            }
            group.addTask {
                try await Task.sleep(for: .seconds(limits.bodySeconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let whole = try await group.next() ?? nil else {
                throw APIError(
                    status: .requestTimeout, message: "the body did not arrive within \(limits.bodySeconds) s",
                    type: "invalid_request_error", parameter: nil, code: "timeout", headers: [.connection: "close"])
            }
            return whole
        }
    }

    private var tooLarge: APIError {
        APIError(
            status: .contentTooLarge, message: "the body is larger than \(limits.bodyBytes) bytes",
            type: "invalid_request_error", parameter: nil, code: "body_too_large", headers: [.connection: "close"])
    }
}
