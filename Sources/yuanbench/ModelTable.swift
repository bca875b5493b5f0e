import Checkpoints
import Foundation
import Reports

/// The models of the cache as `model list` shows them.
struct ModelTable: Encodable {
    struct Row: Encodable {
        var name: String
        var sizeBytes: Int
        var dtype: String?
        var architecture: String?
        var parameters: Int?
        var path: String
        /// Why it cannot be opened.
        var problem: String?
    }

    var models: [Row]

    /// Opens every model of the cache; headers alone are read.
    init() {
        models = ModelCatalogue.entries().map { entry in
            var row = Row(name: entry.name, sizeBytes: ModelCatalogue.size(of: entry.url), path: entry.url.path)
            do {
                let checkpoint = try CheckpointLoader.open(entry.url)
                row.dtype = checkpoint.storedType
                row.architecture = checkpoint.configuration.architecture
                row.parameters = checkpoint.parameterCount
            } catch {
                row.problem = "\(error)"
            }
            return row
        }
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    /// Columns between tabs: name, size, dtype, architecture, parameters, path.
    var text: String {
        models.map { row in
            let facts =
                row.problem.map { ["damaged: \($0)"] }
                ?? [row.dtype ?? "-", row.architecture ?? "-", Quantity.parameters(row.parameters)]
            return ([row.name, Quantity.bytes(row.sizeBytes)] + facts + [row.path]).joined(separator: "\t") + "\n"
        }.joined()
    }
}
