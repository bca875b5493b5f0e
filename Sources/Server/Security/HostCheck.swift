import HTTPTypes

/// Refuses requests that a browser was tricked into.
///
/// A page of any site may resolve its own name to a loopback address (DNS rebinding) and then read what answers there; the
/// `Host` header gives it away. And it may send requests without reading the answer, which `Origin` and
/// `Sec-Fetch-Site` give away.
struct HostCheck: Sendable {
    /// Lower-case names without port; nil: any, for a server that others may reach by names it does not know.
    let names: Set<String>?

    init(_ options: ServerOptions) {
        let allowed = Set(options.allowedHosts.map { $0.lowercased() })
        let own: Set = ["localhost", "127.0.0.1", "[::1]", options.host.lowercased(), "[\(options.host.lowercased())]"]
        names = options.isLoopback || !allowed.isEmpty ? own.union(allowed) : nil
    }

    func check(_ head: HTTPRequest) throws(APIError) {
        guard let authority = head.authority, !authority.isEmpty else {
            throw APIError.refused(.badRequest, "the request has no Host header; send one", code: "host_missing")
        }
        if let names, !names.contains(Self.name(authority)) {
            throw APIError.refused(
                .forbidden,
                "the Host \"\(authority.prefix(80))\" is not this server; use its own address, or allow the name with "
                    + "--allowed-host", code: "host_not_allowed")
        }
        // What browsers add by themselves, and scripts of a page cannot change.
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ head.headerFields[$0] }),
            site != "same-origin" && site != "none", head.method != .get
        {
            throw APIError.refused(
                .forbidden, "requests from pages of other sites are not served", code: "cross_site")
        }
        if let origin = head.headerFields[.origin], head.method != .get,
            Self.name(origin.split(separator: "/").last.map(String.init) ?? "") != Self.name(authority)
        {
            throw APIError.refused(
                .forbidden, "requests from pages of other sites are not served", code: "cross_site")
        }
    }

    /// The host of `host:port` or `[address]:port`, in lower case.
    static func name(_ authority: String) -> String {
        let lower = authority.lowercased()
        if lower.hasPrefix("["), let end = lower.firstIndex(of: "]") { return String(lower[...end]) }
        return String(lower.prefix { $0 != ":" })
    }
}
