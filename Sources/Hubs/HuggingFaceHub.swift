import Foundation

/// huggingface.co and its mirrors.
///
/// `GET /api/models/OWNER/NAME/revision/REVISION?blobs=true` lists the files with sizes and hashes;
/// `GET /OWNER/NAME/resolve/REVISION/FILE` gives one, usually by a redirect to another server.
struct HuggingFaceHub: Hub {
    let name = "huggingface"
    let endpoint: URL
    let token: HubToken?

    var headers: [String: String] { token.map { ["Authorization": "Bearer \($0.secret)"] } ?? [:] }

    private struct Answer: Decodable {
        struct Sibling: Decodable {
            struct LFS: Decodable {
                var sha256: String
                var size: Int
            }
            var rfilename: String
            var size: Int?
            var blobId: String?
            var lfs: LFS?
        }
        var sha: String
        var siblings: [Sibling]
    }

    func list(_ model: RepositoryName, revision: String?, client: HubClient) async throws -> HubListing {
        let url = try KnownHubs.address(
            endpoint, ["api", "models", model.owner, model.name, "revision", revision ?? "main"],
            query: [("blobs", "true")])
        let answer = try KnownHubs.decode(Answer.self, try await client.document(url, headers: headers), from: url)
        guard RemoteFile.isHexadecimal(answer.sha, 40) else {
            throw HubError(.untrustworthy, "\(HubAddress.shown(url)): names no commit")
        }
        let files = try answer.siblings.compactMap { file in
            try RemoteFile(
                path: file.rfilename, size: file.lfs?.size ?? file.size, sha256: file.lfs?.sha256,
                gitBlob: file.lfs == nil ? file.blobId : nil, place: HubAddress.shown(url))
        }
        return HubListing(model: model, revision: answer.sha, files: files)
    }

    func address(of file: RemoteFile, in listing: HubListing) throws(HubError) -> URL {
        try KnownHubs.address(
            endpoint, [listing.model.owner, listing.model.name, "resolve", listing.revision, file.name])
    }
}
