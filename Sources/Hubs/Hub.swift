import Foundation

/// A place that holds models: how to list a model's files and where each is.
package protocol Hub: Sendable {
    /// What `--source` calls it.
    var name: String { get }
    /// - Parameter revision: branch, tag or commit; nil for the hub's default branch.
    func list(_ model: RepositoryName, revision: String?, client: HubClient) async throws -> HubListing
    func address(of file: RemoteFile, in listing: HubListing) throws(HubError) -> URL
    /// Headers that prove who asks; they go to this hub's own server alone.
    var headers: [String: String] { get }
}

/// The files of one revision of a model.
package struct HubListing: Sendable {
    package var model: RepositoryName
    /// What the files are asked for by: the commit where the hub tells it, so that all come from one version.
    package var revision: String
    package var files: [RemoteFile]
}

/// The table of hubs: a new one is a file beside this and a line here.
package enum KnownHubs {
    package static let names = ["huggingface", "modelscope"]

    /// - Parameters:
    ///   - endpoint: another server with the same interface; nil for the environment's or the usual one.
    ///   - environment: `HF_ENDPOINT`, `HF_TOKEN`, `MODELSCOPE_ENDPOINT`, `MODELSCOPE_API_TOKEN`.
    /// - Throws: `HubError` for an unknown name, an address that is not HTTPS, or a token that no header can hold.
    package static func named(
        _ name: String, endpoint: String?, environment: [String: String]
    ) throws(HubError) -> any Hub {
        let address = HubAddress(environment: environment)
        func base(_ variable: String, _ usual: String) throws(HubError) -> URL {
            let set = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
            return try address.base(endpoint ?? set ?? usual)
        }
        func token(_ names: [String]) throws(HubError) -> HubToken? {
            let token = HubToken(environment: environment, names: names)
            guard token?.isSendable ?? true else {
                throw HubError(
                    .badInput, "\(names[0]): holds white space or other characters no token has; set it again")
            }
            return token
        }
        switch name {
        case "huggingface":
            return HuggingFaceHub(
                endpoint: try base("HF_ENDPOINT", "https://huggingface.co"),
                token: try token(["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"]))
        case "modelscope":
            return ModelScopeHub(
                endpoint: try base("MODELSCOPE_ENDPOINT", "https://www.modelscope.cn"),
                token: try token(["MODELSCOPE_API_TOKEN"]))
        default:
            throw HubError(
                .badInput, "\"\(name.printable())\": is no known hub; expected \(names.joined(separator: " or "))")
        }
    }

    /// An address below `base`, its parts escaped.
    static func address(
        _ base: URL, _ parts: [String], query: [(String, String)] = []
    ) throws(HubError) -> URL {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: allowed) ?? "" }
        var text = base.absoluteString + "/" + parts.map(escaped).joined(separator: "/")
        if !query.isEmpty {
            text += "?" + query.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&")
        }
        guard let url = URL(string: text) else {
            throw HubError(.badInput, "\"\(text.printable())\": is no address; check the name and --endpoint")
        }
        return url
    }

    /// A listing's JSON.
    static func decode<Value: Decodable>(_ type: Value.Type, _ data: Data, from url: URL) throws(HubError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw HubError(
                .untrustworthy,
                "\(HubAddress.shown(url)): the answer is not the list of files this interface gives; check --endpoint")
        }
    }
}
