import Crypto
import Foundation
import RunRecords

/// What makes two runs the same: everything a token or a verdict depends on, and nothing else (not the batch size, nor the
/// number of threads).
package struct RunIdentity: Codable, Sendable, Equatable {
    /// Name of the run inside its directory, e.g. "humaneval/bf16/completion".
    package var key: String
    /// By name, e.g. "model_sha256", "dataset_sha256", "dtype", "max_new_tokens", "prompts_sha256".
    package var settings: [String: String]

    package init(key: String, settings: [String: String]) {
        self.key = key
        self.settings = settings
    }

    /// SHA-256 over the key and the sorted settings, each length-prefixed; hexadecimal.
    package var hash: String {
        var sha = SHA256()
        func add(_ text: String) { sha.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
        add(key)
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            add(name)
            add(value)
        }
        return hexadecimal(sha.finalize())
    }

    /// What differs from another identity, one clause a setting; empty if nothing does.
    package func differences(from other: RunIdentity) -> [String] {
        Set(settings.keys).union(other.settings.keys).sorted().compactMap { name in
            let (mine, theirs) = (settings[name], other.settings[name])
            return mine == theirs
                ? nil : "\(name) is \((mine ?? "absent").printable()) and was \((theirs ?? "absent").printable())"
        }
    }
}

/// The content of `run.json`: the request and where everything came from.
package struct RunManifest: Codable, Sendable, Equatable {
    package static let currentSchemaVersion = 1

    package var schemaVersion: Int = RunManifest.currentSchemaVersion
    package var tool: ToolRecord
    /// ISO 8601, UTC.
    package var createdAt: String
    /// The command line that repeats this run.
    package var command: [String]
    package var host: HostRecord?
    package var runs: [RunIdentity]

    package init(tool: ToolRecord, createdAt: String, command: [String], host: HostRecord?, runs: [RunIdentity]) {
        self.tool = tool
        self.createdAt = createdAt
        self.command = command
        self.host = host
        self.runs = runs
    }

    /// Reads the `run.json` of a run directory; nil if there is none.
    package static func read(from directory: URL) throws(EvaluationError) -> RunManifest? {
        let file = directory.appendingPathComponent("run.json")
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let bytes = try FileBytes.read(file, limit: 64 << 20)
        do {
            let manifest = try RecordCoding.decoder().decode(RunManifest.self, from: Data(bytes))
            guard manifest.schemaVersion == currentSchemaVersion else {
                throw EvaluationError(
                    .badInput,
                    "\(file.path): schema version \(manifest.schemaVersion), this program knows \(currentSchemaVersion); use the "
                        + "version of yuanbench that wrote it")
            }
            return manifest
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw EvaluationError(
                .badInput,
                "\(file.path): not the description of a run, \(ReportCoding.reason(error)); choose another --output")
        }
    }

    func write(to directory: URL) throws(EvaluationError) {
        let file = directory.appendingPathComponent("run.json")
        guard let data = try? RecordCoding.encoder(pretty: true).encode(self) else {
            throw EvaluationError(.cannotWrite, "\(file.path): the run cannot be written as JSON")
        }
        try AtomicFile.write(data, to: file)
    }
}

/// snake_case JSON with sorted keys, as all records have it.
enum RecordCoding {
    static func encoder(pretty: Bool = false) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
