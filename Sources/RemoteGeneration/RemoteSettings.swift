import Foundation
import Generation

/// How engines elsewhere are asked.
package struct RemoteSettings: Sendable {
    /// As the server names it.
    package var model: String
    /// Sent as `Authorization: Bearer …`, shown nowhere.
    package var apiKey: String?
    /// Requests under way at the same time, all endpoints together.
    package var concurrency = 16
    /// Seconds without a byte after which a request has failed; there is no other limit of time.
    package var inactivity = 600.0
    /// Further tries of a request that was refused or lost before the first byte of its answer.
    package var retries = 5
    /// Replaces a prompt by what is sent, such as its token ids; nil sends prompts as they are.
    package var render: (@Sendable (Prompt) throws -> Prompt)?
    /// Counts the tokens of a prompt and a generated text where the server does not; nil where nobody can.
    package var count: (@Sendable (Prompt, String) -> TokenUsage?)?

    package init(model: String) { self.model = model }

    /// The key for endpoints: `YUANBENCH_API_KEY`, else `OPENAI_API_KEY`; nil where neither is set.
    package static func apiKey(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        for name in ["YUANBENCH_API_KEY", "OPENAI_API_KEY"] {
            if let key = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines), !key.isEmpty { return key }
        }
        return nil
    }
}

/// Keeps secrets out of what is told.
struct Redaction: Sendable {
    private let secrets: [String]

    init(key: String?, endpoints: [EndpointURL]) {
        secrets = ([key].compactMap(\.self) + endpoints.flatMap(\.secrets)).filter { !$0.isEmpty }
    }

    /// The text with every secret in it replaced.
    func callAsFunction(_ text: String) -> String {
        secrets.reduce(text) { $0.replacingOccurrences(of: $1, with: "[key]") }
    }
}
