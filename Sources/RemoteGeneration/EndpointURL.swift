import Foundation

/// The address of a server that speaks the OpenAI protocol.
///
/// Credentials in it (`user:password@`, a query) are used and never shown: `description` and `redacted` leave them out.
package struct EndpointURL: Sendable, Hashable, CustomStringConvertible {
    /// `http://host:8000`, with whatever path stands before `/v1`, without a final slash.
    private let root: URLComponents
    /// `user:password` in Base64, as basic authorisation has it; nil without.
    let basicCredentials: String?

    /// - Parameter text: `http(s)://host[:port][/path][/v1[/completions|/chat/completions]]`; what follows `/v1` is left
    ///   out.
    /// - Throws: `EndpointError` if this is no such address; its text holds no credentials.
    package init(_ text: String) throws(EndpointError) {
        let shown = Self.redacted(text)
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty
        else {
            throw EndpointError("\(shown): is no address of a server; give one like http://127.0.0.1:8000")
        }
        guard parts.port.map({ (1...65535).contains($0) }) ?? true else {
            throw EndpointError("\(shown): the port is not from 1 to 65535")
        }
        parts.scheme = scheme
        parts.fragment = nil
        var path = parts.path
        while path.hasSuffix("/") { path.removeLast() }
        for suffix in ["/chat/completions", "/completions", "/models"] where path.hasSuffix("/v1" + suffix) {
            path.removeLast(suffix.count)
        }
        if path.hasSuffix("/v1") { path.removeLast(3) }
        parts.path = path
        if let user = parts.user {
            basicCredentials = Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
        } else {
            basicCredentials = nil
        }
        parts.user = nil
        parts.password = nil
        root = parts
    }

    /// The address of something below the root, such as `/v1/completions`; a query of the endpoint's goes with it.
    func address(of path: String) -> String {
        var parts = root
        parts.path += path
        return parts.string ?? ""
    }

    /// What errors and reports show: no credentials, no query.
    package var description: String {
        var parts = root
        parts.query = nil
        return parts.string ?? ""
    }

    /// Secrets that must never be told.
    var secrets: [String] {
        [basicCredentials].compactMap(\.self) + (root.queryItems ?? []).compactMap(\.value).filter { $0.count >= 8 }
    }

    /// Whether the server runs on this host.
    package var isLocal: Bool {
        guard let host = root.host?.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased() else {
            return false
        }
        return host == "localhost" || host == "::1" || host == "0.0.0.0" || host.hasPrefix("127.")
            || host == ProcessInfo.processInfo.hostName.lowercased()
    }

    /// Any text without the credentials of addresses in it: for command lines that are recorded.
    ///
    /// What stands between `://` and the last `@` before the path goes, and so does a query.
    package static func redacted(_ text: String) -> String {
        guard let scheme = text.range(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let path = rest[authority.endIndex...].prefix { $0 != "?" }
        return String(text[..<scheme.upperBound]) + host + path
    }
}

/// Why an endpoint cannot be used, in one sentence that names it and the mend.
package struct EndpointError: Error, CustomStringConvertible, Sendable, Equatable {
    package let message: String
    package var description: String { message }

    package init(_ message: String) { self.message = message }
}
