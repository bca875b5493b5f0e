import Crypto
import Foundation

/// SHA-256 of weight files, as lower-case hexadecimal. Of one file: of its bytes, as `sha256sum` prints it. Of several:
/// of the text that has one line `name␠␠hash\n` a file, sorted by file name.
enum WeightsDigest {
    static func sha256(_ files: [MappedFile]) throws -> String {
        if files.count == 1, let file = files.first { return try sha256(file) }
        var list = SHA256()
        for file in files.sorted(by: { $0.url.lastPathComponent < $1.url.lastPathComponent }) {
            let line = "\(file.url.lastPathComponent)  \(try sha256(file))\n"
            list.update(data: Data(line.utf8))
        }
        return hexadecimal(list.finalize())
    }

    static func sha256(_ file: MappedFile) throws -> String {
        var hash = SHA256()
        try file.stream { hash.update(bufferPointer: $0) }
        return hexadecimal(hash.finalize())
    }

    static func hexadecimal(_ digest: SHA256.Digest) -> String {
        digest.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
