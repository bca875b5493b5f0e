import ForeignText
import Foundation

/// The files of a tokenizer, with a fault of theirs as an error that names the file.
enum TokenizerFile {
    /// Larger files than any published tokenizer (Llama 3: 17 MB) are refused before they are read.
    private static let maximumSize = 256 << 20

    /// Reads and parses a JSON file; nil where there is none.
    static func json(_ url: URL) throws -> JSONValue? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try parse(bytes(url), file: url.lastPathComponent)
    }

    /// - Parameter file: the name that errors give.
    static func parse(_ bytes: [UInt8], file: String) throws -> JSONValue {
        do {
            return try JSONParser.parse(bytes[...])
        } catch {
            throw TokenizerError("\(file): \(error.description); write valid JSON there")
        }
    }

    /// The bytes of a file no larger than `maximumSize`.
    static func bytes(_ url: URL) throws -> [UInt8] {
        let name = url.lastPathComponent
        do {
            let values = try url.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
            guard values.isRegularFile == true else {
                throw TokenizerError("\(name): not a regular file; put the model's own file there")
            }
            let size = values.fileSize ?? 0
            guard size <= maximumSize else {
                throw TokenizerError(
                    "\(name): \(size) bytes, expected at most \(maximumSize); this is no tokenizer file")
            }
            return [UInt8](try Data(contentsOf: url))
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw TokenizerError("\(name): cannot be read (\(error.localizedDescription)); check its permissions")
        }
    }
}
