import Foundation
import Hummingbird

/// The body of a request that must be JSON.
enum JSONBody {
    static func read(_ request: Request, limits: ServerLimits) async throws -> Data {
        // A page of another site can send anything but this type without asking the server first.
        let type = request.headers[.contentType]?.lowercased() ?? ""
        guard type.prefix(while: { $0 != ";" }).trimmingCharacters(in: .whitespaces) == "application/json" else {
            throw APIError.refused(
                .unsupportedMediaType, "the Content-Type is \"\(type.prefix(60))\", expected application/json",
                code: "unsupported_media_type")
        }
        let buffer = try await BodyReader(limits: limits).read(request)
        return Data(buffer.readableBytesView)
    }
}
