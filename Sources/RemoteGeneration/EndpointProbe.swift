import Foundation

/// Looks at servers before work begins, and at their numbers while it goes on.
package struct EndpointProbe: Sendable {
    private let client: EndpointClient
    private let redaction: Redaction

    package init(_ endpoints: [EndpointURL], apiKey: String?) {
        client = EndpointClient(transport: HTTPTransport(connections: 4, inactivity: 30), apiKey: apiKey)
        redaction = Redaction(key: apiKey, endpoints: endpoints)
    }

    /// The names of the models that a server offers.
    /// - Parameter patience: seconds for which a server that refuses the connection is asked again.
    /// - Returns: nil if the server offers no list.
    /// - Throws: `EndpointError` if it cannot be reached or refuses the key.
    package func models(of endpoint: EndpointURL, patience: Double = 10) async throws -> [String]? {
        struct List: Decodable {
            struct Model: Decodable { var id: String }
            var data: [Model]
        }
        let start = ContinuousClock.now
        var delay = 0.2
        while true {
            do {
                let response = try await client.get(endpoint, "/v1/models")
                let body = try await response.body.collect(4 << 20)
                switch response.status {
                case 200: return (try? JSONDecoder().decode(List.self, from: Data(body)))?.data.map(\.id)
                case 401, 403:
                    throw EndpointError(
                        redaction(
                            "endpoint \(endpoint) "
                                + client.words(response.status, CompletionChunk.complaint(in: body), path: "/v1/models")
                        ))
                // Loading, as llama-server says it.
                case 503 where (ContinuousClock.now - start).inSeconds < patience: break
                default: return nil
                }
            } catch let error as EndpointError {
                throw error
            } catch {
                try Task.checkCancellation()
                let (words, isRetryable) = RetryPolicy.verdict(on: error, inactivity: 30)
                guard isRetryable, (ContinuousClock.now - start).inSeconds < patience else {
                    throw EndpointError(redaction("endpoint \(endpoint) \(words)"))
                }
            }
            try await Task.sleep(for: .seconds(delay))
            delay = min(2, delay * 2)
        }
    }

    /// The server's `/metrics` as text; nil where it has none.
    package func metrics(of endpoint: EndpointURL) async -> String? {
        guard let response = try? await client.get(endpoint, "/metrics"), response.status == 200,
            let body = try? await response.body.collect(8 << 20)
        else { return nil }
        return String(decoding: body, as: UTF8.self)
    }
}
