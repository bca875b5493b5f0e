import Foundation

/// Asks one endpoint for one thing: authorisation, and refusals put into words.
struct EndpointClient: Sendable {
    let transport: HTTPTransport
    let apiKey: String?

    func headers(_ endpoint: EndpointURL) -> [String: String] {
        var headers = ["Accept": "text/event-stream, application/json", "User-Agent": "yuanbench"]
        if let apiKey {
            headers["Authorization"] = "Bearer \(apiKey)"
        } else if let basic = endpoint.basicCredentials {
            headers["Authorization"] = "Basic \(basic)"
        }
        return headers
    }

    func post(_ endpoint: EndpointURL, _ path: String, _ body: some Encodable) async throws -> HTTPTransport.Response {
        let json = try JSONEncoder().encode(body)
        return try await transport.send(endpoint.address(of: path), headers: headers(endpoint), json: Array(json))
    }

    func get(_ endpoint: EndpointURL, _ path: String) async throws -> HTTPTransport.Response {
        // Looked at now and then: the connection is not kept from those that work.
        let headers = headers(endpoint).merging(["Connection": "close"]) { $1 }
        return try await transport.send(endpoint.address(of: path), headers: headers, json: nil)
    }

    /// What a status other than 200 means, with the mend; without the endpoint's name.
    func words(_ status: UInt, _ complaint: String, path: String) -> String {
        let told = complaint.isEmpty ? "" : ": \(complaint)"
        switch status {
        case 300..<400: return "answered \(status), a redirect; give the address it leads to as --endpoint"
        case 401, 403:
            return "answered \(status)\(told); "
                + (apiKey == nil
                    ? "set YUANBENCH_API_KEY" : "the key in YUANBENCH_API_KEY (or OPENAI_API_KEY) is not accepted")
        case 404: return "answered 404 to \(path)\(told); correct --endpoint or --model"
        case 413: return "answered 413\(told); the prompt is larger than the server takes"
        default: return "answered \(status) to \(path)\(told)"
        }
    }
}
