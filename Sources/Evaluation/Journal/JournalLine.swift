import Foundation
import RunRecords

/// One line of `results.jsonl`: `{"crc32":"89abcdef","run":"<key>","record":{…}}`.
///
/// The checksum covers every byte after the comma that follows it, up to and without the newline.
enum JournalLine {
    private struct Body: Codable {
        var record: ProblemRecord
        var run: String
    }
    private static let opening = Array(#"{"crc32":""#.utf8)
    private static let closing = Array(#"","#.utf8)
    /// Bytes before those that the checksum covers.
    private static let headLength = opening.count + 8 + closing.count

    /// The whole line, newline included.
    static func encode(_ record: ProblemRecord, run: String) throws(EvaluationError) -> [UInt8] {
        let body: [UInt8]
        do {
            body = Array(try RecordCoding.encoder().encode(Body(record: record, run: run)).dropFirst())
        } catch {
            throw EvaluationError(.cannotWrite, "the record of \(record.id) cannot be written as JSON: \(error)")
        }
        return opening + checksum(body[...]) + closing + body + [0x0A]
    }

    /// - Parameter line: without its newline.
    /// - Returns: nil if the line is not whole.
    static func decode(_ line: ArraySlice<UInt8>) -> (record: ProblemRecord, run: String)? {
        guard line.count > headLength, line.starts(with: opening) else { return nil }
        let body = line.dropFirst(headLength)
        guard line.dropFirst(opening.count).starts(with: checksum(body) + closing) else { return nil }
        guard let decoded = try? RecordCoding.decoder().decode(Body.self, from: Data([0x7B] + body)) else { return nil }
        return (decoded.record, decoded.run)
    }

    private static func checksum(_ body: ArraySlice<UInt8>) -> [UInt8] {
        let value = CRC32.checksum(body)
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
        return Array(hexadecimal(bytes).utf8)
    }
}
