import Crypto
import Foundation
import HTTPTypes
import Synchronization

/// Who may use a server that has a key: whoever shows it, and browsers that showed it once.
final class AccessControl: Sendable {
    static let cookie = "yuanbench-session"
    /// Browsers that are remembered; the longest-remembered one goes first.
    private static let mostSessions = 100

    /// SHA-256, so that comparing takes the same time whatever the length.
    private let key: SHA256Digest?
    private let sessions = Mutex<[SHA256Digest]>([])

    init(key: String?) { self.key = key.map { Self.digest($0) } }

    var isOpen: Bool { key == nil }

    /// Refuses a request that shows neither the key nor a session of this server.
    func check(_ head: HTTPRequest) throws(APIError) {
        guard key != nil else { return }
        if let shown = head.headerFields[.authorization], let bearer = Self.bearer(shown), matches(bearer) { return }
        let cookies = head.headerFields[values: .cookie].flatMap { $0.split(separator: ";") }
        for cookie in cookies {
            let pair = cookie.trimmingCharacters(in: .whitespaces).split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0] == Self.cookie, knows(String(pair[1])) { return }
        }
        throw APIError(
            status: .unauthorized, message: "the API key is missing or wrong; send it as Authorization: Bearer KEY",
            type: "authentication_error", parameter: nil, code: "invalid_api_key",
            headers: [.wwwAuthenticate: "Bearer"])
    }

    /// In constant time (`SHA256Digest` compares so).
    func matches(_ candidate: String) -> Bool { key.map { $0 == Self.digest(candidate) } ?? true }

    /// A new session's value for the cookie.
    func makeSession() -> String {
        var generator = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in String(generator.next(), radix: 16) }.joined(separator: "-")
        sessions.withLock { sessions in
            sessions.append(Self.digest(token))
            if sessions.count > Self.mostSessions { sessions.removeFirst() }
        }
        return token
    }

    private func knows(_ token: String) -> Bool {
        let digest = Self.digest(token)
        return sessions.withLock { $0.contains { $0 == digest } }
    }

    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].trimmingCharacters(in: .whitespaces)
    }

    private static func digest(_ text: String) -> SHA256Digest { SHA256.hash(data: Data(text.utf8)) }
}
