import Foundation

/// Where a server listens, whom it serves, and how much it takes on.
package struct ServerOptions: Sendable {
    package var host = "127.0.0.1"
    /// 0: any free port.
    package var port = 8080
    /// What clients must show as `Authorization: Bearer`; nil: nothing.
    package var apiKey: String?
    /// Names besides the loopback's own that a request may be addressed to.
    package var allowedHosts: Set<String> = []
    /// Folder whose runs are shown at `/runs`; nil: none.
    package var runs: URL?
    package var limits = ServerLimits()
    /// Seconds that accepted requests get to finish once the server is to stop.
    package var grace = 10.0

    package init() {}

    /// Whether nobody but this host reaches the server.
    package var isLoopback: Bool { Self.isLoopback(host) }

    package static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// What one client may ask for, and all together.
package struct ServerLimits: Sendable {
    /// Of a request's body.
    package var bodyBytes = 4 << 20
    /// Seconds a body may take to arrive.
    package var bodySeconds = 30.0
    /// Of one prompt; nil: what the model's context leaves room for.
    package var promptTokens: Int?
    /// Answers that one request may ask for (prompts times `n`).
    package var sequencesPerRequest = 128
    /// Sequences that wait for a slot; beyond them a request is refused with 429.
    package var queuedSequences = 256
    package var connections = 512
    /// Seconds a connection may be silent between requests, or within one.
    package var idleSeconds = 75
    /// Seconds a reader may leave an answer unread before its connection is closed.
    package var stallSeconds = 60
    package var stopStrings = 16
    package var stopBytes = 256

    package init() {}
}
