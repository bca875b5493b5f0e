import Foundation

/// Which addresses may be asked: HTTPS alone. Plain HTTP is for tests, on this host's own loopback, and only where the
/// environment says so.
package struct HubAddress: Sendable {
    /// The environment variable that allows `http://` on the loopback.
    package static let loopbackVariable = "YUANBENCH_ALLOW_LOOPBACK_HTTP"

    let allowsLoopback: Bool

    package init(environment: [String: String]) {
        allowsLoopback = environment[Self.loopbackVariable] == "1"
    }

    /// - Throws: `HubError` for anything but an absolute HTTPS address without user or password.
    func check(_ url: URL) throws(HubError) {
        let shown = Self.shown(url)
        guard let host = url.host, !host.isEmpty else {
            throw HubError(.badInput, "\(shown): is no address of a server; give one such as https://huggingface.co")
        }
        guard url.user == nil, url.password == nil else {
            throw HubError(.badInput, "\(shown): holds a user or password; give tokens by the environment")
        }
        switch url.scheme?.lowercased() {
        case "https": return
        case "http" where allowsLoopback && ["127.0.0.1", "::1", "[::1]", "localhost"].contains(host): return
        default: throw HubError(.untrustworthy, "\(shown): is not HTTPS, and models come by HTTPS alone")
        }
    }

    /// A base address without a final slash, checked.
    package func base(_ text: String) throws(HubError) -> URL {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = URL(string: trimmed) else {
            throw HubError(.badInput, "\"\(text.printable())\": is no address; give one such as https://huggingface.co")
        }
        try check(url)
        return url
    }

    /// An address for people: without query, in which signatures stand, and without user and password.
    static func shown(_ url: URL) -> String {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: true)
        parts?.query = nil
        parts?.fragment = nil
        parts?.user = nil
        parts?.password = nil
        return (parts?.string ?? "the address").printable()
    }

    /// Whether two addresses are of one server.
    static func isSameServer(_ a: URL, _ b: URL) -> Bool {
        a.scheme?.lowercased() == b.scheme?.lowercased() && a.host?.lowercased() == b.host?.lowercased()
            && a.port == b.port
    }
}
