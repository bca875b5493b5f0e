import Crypto
import Foundation

/// Checksums of files on disk, read piece by piece.
enum FileDigest {
    /// The file's own digest, of the kind of `like`, in hexadecimal.
    static func compute(_ url: URL, like: RemoteFile.Digest, size: Int) throws -> String {
        switch like {
        case .sha256:
            var hash = SHA256()
            try read(url) { hash.update(data: $0) }
            return hexadecimal(hash.finalize())
        case .gitBlob:
            var hash = Insecure.SHA1()
            hash.update(data: Data("blob \(size)\0".utf8))
            try read(url) { hash.update(data: $0) }
            return hexadecimal(hash.finalize())
        }
    }

    private static func read(_ url: URL, _ take: (Data) -> Void) throws {
        let file = try FileHandle(forReadingFrom: url)
        defer { try? file.close() }
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            try Task.checkCancellation()
            take(piece)
        }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
