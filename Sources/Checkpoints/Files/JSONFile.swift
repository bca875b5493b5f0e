import ForeignText
import Foundation

/// The JSON files of a model, with a fault of theirs as an error that names the file.
enum JSONFile {
    /// Parses a whole file of at most `limit` bytes whose top level is an object.
    static func object(in url: URL, limit: Int) throws -> JSONObject {
        let file = try MappedFile(url, limit: limit)
        let value = try file.withBytes { try parse($0, file: file.name) }
        guard let object = value.object else {
            throw CheckpointError("the JSON text is not an object", file: file.name, found: value.summary)
        }
        return object
    }

    /// Parses a JSON text that stands in `file`.
    static func parse(_ bytes: UnsafeRawBufferPointer, file: String, place: String = "") throws -> JSONValue {
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw CheckpointError(
                error.problem, file: file, place: place, expected: error.expected, found: error.found)
        }
    }
}
