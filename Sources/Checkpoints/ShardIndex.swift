import ForeignText
import Foundation

/// A `*.index.json` beside the shards of a checkpoint: which tensor lies in which file.
struct ShardIndex {
    let url: URL
    /// Tensor name to shard name, in the order of the file.
    let places: [(tensor: String, shard: String)]

    /// Throws `CheckpointError` unless every shard is a plain name (no way out of the folder) of an existing file.
    init(_ url: URL) throws {
        self.url = url
        let file = url.relativePath
        let object = try JSONFile.object(in: url, limit: 256 << 20)
        guard let map = object["weight_map"]?.object else {
            throw CheckpointError(
                "weight_map must be an object", file: file, found: object["weight_map"]?.summary ?? "none")
        }
        guard !map.entries.isEmpty else { throw CheckpointError("weight_map names no tensor", file: file) }
        places = try map.entries.map { tensor, value in
            guard let shard = value.string, Self.isPlainName(shard) else {
                throw CheckpointError(
                    "the shard name must be a plain file name", file: file,
                    place: "tensor \(Escaping.quoted(tensor))", found: value.summary)
            }
            return (tensor, shard)
        }
        for shard in shards where !FileManager.default.fileExists(atPath: location(of: shard).path) {
            throw CheckpointError(
                "shard \(Escaping.line(shard)) not found", file: file, expected: "it beside the index",
                mend: "download the missing file")
        }
    }

    /// The shards' names, each once, sorted.
    var shards: [String] { Set(places.map(\.shard)).sorted() }

    func location(of shard: String) -> URL { url.deletingLastPathComponent().appendingPathComponent(shard) }

    /// The entries of all tensors the index names. `table` reads one shard's table.
    func entries(_ table: (URL) throws -> [TensorEntry]) throws -> [TensorEntry] {
        var tables: [String: [ExactString: TensorEntry]] = [:]
        for shard in shards {
            let entries = try table(location(of: shard)).map { (ExactString($0.name), $0) }
            tables[shard] = Dictionary(entries) { first, _ in first }
        }
        return try places.map { tensor, shard in
            guard let entry = tables[shard]?[ExactString(tensor)] else {
                throw CheckpointError(
                    "tensor \(Escaping.quoted(tensor)) is missing from its shard \(Escaping.line(shard))",
                    file: url.relativePath, mend: "download index and shards of the same version again")
            }
            return entry
        }
    }

    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
            && !name.unicodeScalars.contains {
                $0 == "/" || $0 == "\\" || $0 == ":" || $0.value < 0x20 || $0.value == 0x7f
            }
    }
}
