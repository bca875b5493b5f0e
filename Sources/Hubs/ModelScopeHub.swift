import Foundation

/// modelscope.cn.
///
/// `GET /api/v1/models/OWNER/NAME/repo/files?Revision=REVISION&Recursive=true` lists the files with sizes and SHA-256;
/// `GET /api/v1/models/OWNER/NAME/repo?Revision=REVISION&FilePath=FILE` gives one.
struct ModelScopeHub: Hub {
    let name = "modelscope"
    let endpoint: URL
    let token: HubToken?

    /// Newer servers read the token as a bearer's, older ones as their cookie.
    var headers: [String: String] {
        token.map { ["Authorization": "Bearer \($0.secret)", "Cookie": "m_session_id=\($0.secret)"] } ?? [:]
    }

    private struct Answer: Decodable {
        struct Listing: Decodable {
            var files: [File]

            enum CodingKeys: String, CodingKey { case files = "Files" }
        }
        struct File: Decodable {
            var path: String
            var type: String
            var size: Int?
            var sha256: String?

            enum CodingKeys: String, CodingKey {
                case path = "Path"
                case type = "Type"
                case size = "Size"
                case sha256 = "Sha256"
            }
        }
        var code: Int
        var message: String?
        var listing: Listing?

        enum CodingKeys: String, CodingKey {
            case code = "Code"
            case message = "Message"
            case listing = "Data"
        }
    }

    func list(_ model: RepositoryName, revision: String?, client: HubClient) async throws -> HubListing {
        let revision = revision ?? "master"
        let url = try KnownHubs.address(
            endpoint, ["api", "v1", "models", model.owner, model.name, "repo", "files"],
            query: [("Revision", revision), ("Recursive", "true")])
        let answer = try KnownHubs.decode(Answer.self, try await client.document(url, headers: headers), from: url)
        guard answer.code == 200, let listed = answer.listing else {
            let words = answer.message.map { " (\($0.printable()))" } ?? ""
            throw HubError(.badInput, "\(HubAddress.shown(url)): code \(answer.code)\(words); check the model's name")
        }
        let files = try listed.files.filter { $0.type == "blob" }.compactMap { file in
            try RemoteFile(
                path: file.path, size: file.size, sha256: file.sha256, gitBlob: nil, place: HubAddress.shown(url))
        }
        return HubListing(model: model, revision: revision, files: files)
    }

    func address(of file: RemoteFile, in listing: HubListing) throws(HubError) -> URL {
        try KnownHubs.address(
            endpoint, ["api", "v1", "models", listing.model.owner, listing.model.name, "repo"],
            query: [("Revision", listing.revision), ("FilePath", file.name)])
    }
}
