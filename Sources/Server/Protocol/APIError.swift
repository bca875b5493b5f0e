import Foundation
import HTTPTypes
import Hummingbird

/// What a client is told when its request is not served, in OpenAI's shape.
struct APIError: Error {
    var status: HTTPResponse.Status
    var message: String
    /// "invalid_request_error", "authentication_error", "rate_limit_error" or "server_error".
    var type: String
    /// The field at fault.
    var parameter: String?
    var code: String?
    var headers: HTTPFields = [:]

    /// A request that cannot be served as it is: 400, naming the field.
    static func invalid(_ parameter: String?, _ message: String, code: String? = nil) -> APIError {
        APIError(
            status: .badRequest, message: message, type: "invalid_request_error", parameter: parameter, code: code)
    }

    static func refused(_ status: HTTPResponse.Status, _ message: String, code: String? = nil) -> APIError {
        APIError(status: status, message: message, type: "invalid_request_error", parameter: nil, code: code)
    }

    static let stopping = APIError(
        status: .serviceUnavailable, message: "the server is stopping; ask again when it is back",
        type: "server_error", parameter: nil, code: "stopping", headers: [.connection: "close"])

    static func busy(queued: Int, limit: Int) -> APIError {
        APIError(
            status: .tooManyRequests,
            message: "every slot is taken and \(queued) of at most \(limit) answers are waiting; ask again later",
            type: "rate_limit_error", parameter: nil, code: "queue_full", headers: [.retryAfter: "1"])
    }

    static func failed(_ reason: String) -> APIError {
        APIError(
            status: .internalServerError, message: reason, type: "server_error", parameter: nil, code: nil)
    }

    private struct Body: Encodable {
        struct Content: Encodable {
            var message: String
            var type: String
            @NullIfAbsent var param: String?
            @NullIfAbsent var code: String?
        }
        var error: Content
    }

    var body: Data {
        WireCoding.encode(
            Body(error: Body.Content(message: message, type: type, param: parameter, code: code)))
    }

    var response: Response {
        var response = WireCoding.response(body, status: status)
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension HTTPField.Name {
    static let retryAfter = HTTPField.Name("Retry-After") ?? .age
}

/// JSON as it goes over the wire.
enum WireCoding {
    /// Sorted, so that the same answer is always the same bytes.
    static func encode(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return (try? encoder.encode(value)) ?? Data("{}".utf8)
    }

    static func response(_ json: Data, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }

    static func response(_ value: some Encodable) -> Response { response(encode(value)) }
}
