import Foundation

/// Reads and writes `report.json`.
package enum ReportCoding {
    /// Readable JSON with sorted snake_case keys and a final newline: the same report always gives the same bytes.
    /// - Throws: `ReportError` if the report holds a number that JSON has no form for.
    package static func encode(_ report: Report) throws(ReportError) -> Data {
        do {
            return try encoder().encode(report) + Data("\n".utf8)
        } catch EncodingError.invalidValue(let value, let context) {
            throw ReportError(
                "report: \(place(context.codingPath)) is \(value), which JSON cannot hold; nothing was written")
        } catch {
            throw ReportError("report: cannot be written as JSON (\(error))")
        }
    }

    /// - Parameter name: what to call the data in an error, usually its path.
    /// - Throws: `ReportError` if this is not JSON, is of another schema version, lacks something, or holds a
    ///   count or an interval that is none.
    package static func decode(_ data: Data, name: String = "report") throws(ReportError) -> Report {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let version = try decoder.decode(Header.self, from: data).schemaVersion
            guard version == Report.currentSchemaVersion else {
                throw ReportError(
                    "\(name): schema_version is \(version), and this yuanbench reads \(Report.currentSchemaVersion); use "
                        + (version > Report.currentSchemaVersion ? "a newer yuanbench" : "the yuanbench that wrote it"))
            }
            let report = try decoder.decode(Report.self, from: data)
            try report.checkNumbers(name: name)
            return report
        } catch let error as ReportError {
            throw error
        } catch {
            throw ReportError(
                "\(name): not a report of yuanbench, \(reason(error)); name a report.json written by eval or score")
        }
    }

    private struct Header: Decodable {
        var schemaVersion: Int
    }

    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return encoder
    }

    /// Why a file of records could not be decoded, with the place in it.
    package static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "\(place(context.codingPath + [key])) is missing"
        case DecodingError.valueNotFound(_, let context):
            "\(place(context.codingPath)) is null"
        case DecodingError.typeMismatch(let type, let context):
            "\(place(context.codingPath)) is not \(words(for: type))"
        case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty:
            // Foundation tells neither the place nor which of the two.
            "it is not whole and valid JSON, or holds a number out of range"
        case DecodingError.dataCorrupted(let context):
            "\(place(context.codingPath)): \(context.debugDescription)"
        default:
            "\(error)"
        }
    }

    private static func words(for type: any Any.Type) -> String {
        switch type {
        case is Int.Type: "a whole number"
        case is Double.Type: "a number"
        case is String.Type: "a string"
        case is [Any].Type: "an array"
        default: "of the expected kind"
        }
    }

    /// `runs[0].accuracy.passed`, in the file's spelling.
    private static func place(_ path: [any CodingKey]) -> String {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + snakeCase(key.stringValue)
            }
        }
        return text.isEmpty ? "the top level" : text
    }

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}

/// Why a report could not be read or written, in one sentence.
package struct ReportError: Error, CustomStringConvertible, Sendable, Equatable {
    package let message: String
    package var description: String { message }

    package init(_ message: String) {
        self.message = message
    }
}
