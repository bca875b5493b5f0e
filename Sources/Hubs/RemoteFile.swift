/// A file as a hub lists it.
package struct RemoteFile: Sendable, Equatable {
    /// What the hub says the content hashes to.
    package enum Digest: Sendable, Equatable {
        case sha256(String)
        /// Git's name of a small file: SHA-1 over a header and the content.
        case gitBlob(String)
    }

    /// A plain name, never a path.
    package var name: String
    package var size: Int
    package var digest: Digest

    static let largest = 1 << 42

    /// nil for what no checkpoint needs: anything in a folder, and names that are not plain.
    /// - Throws: `HubError` for a size or checksum that cannot be.
    init?(path: String, size: Int?, sha256: String?, gitBlob: String?, place: String) throws(HubError) {
        guard Self.isPlain(path) else { return nil }
        guard let size, (0...Self.largest).contains(size) else {
            throw HubError(.untrustworthy, "\(place): lists \(path) with a size that cannot be; try another --source")
        }
        if let sha256, Self.isHexadecimal(sha256, 64) {
            digest = .sha256(sha256.lowercased())
        } else if let gitBlob, Self.isHexadecimal(gitBlob, 40) {
            digest = .gitBlob(gitBlob.lowercased())
        } else {
            throw HubError(.untrustworthy, "\(place): lists \(path) without a checksum; try another --source")
        }
        name = path
        self.size = size
    }

    /// Letters, digits, dots, hyphens and underscores; no hidden file, no folder.
    static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 200 && !name.hasPrefix(".")
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
            }
    }

    static func isHexadecimal(_ text: String, _ length: Int) -> Bool {
        text.utf8.count == length
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0)
            }
    }
}

/// `OWNER/NAME` of a model on a hub.
package struct RepositoryName: Sendable, Equatable, CustomStringConvertible {
    package let owner: String
    package let name: String

    package var description: String { "\(owner)/\(name)" }

    /// - Throws: `HubError` for anything that is not two plain names.
    package init(_ text: String) throws(HubError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ RemoteFile.isPlain($0) && $0.utf8.count <= 96 }) else {
            throw HubError(
                .badInput,
                "\"\(text.printable())\": is no model of a hub; expected OWNER/NAME, such as IEITYuan/Yuan2-2B-Mars-hf")
        }
        (owner, name) = (parts[0], parts[1])
    }
}
