import Foundation
import RunRecords

/// What an earlier `results.jsonl` holds, and what of it had to be set aside.
struct JournalRecovery {
    /// Bytes of whole records, which is now the size of the file.
    var length = 0
    /// Whole lines.
    var lines = 0
    var records: [String: [ProblemRecord]] = [:]
    var setAsideBytes = 0

    private static let maximumBytes = 2 << 30

    /// Reads the whole records of a file without changing it, as a report does.
    static func read(_ file: URL) throws(EvaluationError) -> JournalRecovery {
        try scan(file).recovery
    }

    /// Reads a file and repairs it: what is no whole record is moved to `results.torn` beside it.
    static func restore(_ file: URL) throws(EvaluationError) -> JournalRecovery {
        let scan = try scan(file)
        guard !scan.torn.isEmpty else { return scan.recovery }
        let side = file.deletingLastPathComponent().appendingPathComponent("results.torn")
        var kept: [UInt8] = []
        if FileManager.default.fileExists(atPath: side.path) { kept = try FileBytes.read(side, limit: maximumBytes) }
        if let last = kept.last, last != 0x0A { kept.append(0x0A) }
        // The side file first: nothing is cut off before it is safe elsewhere.
        try AtomicFile.write(kept + scan.torn, to: side)
        if scan.tornIsTail {
            try AtomicFile.cut(file, to: scan.whole.count)
        } else {
            try AtomicFile.write(scan.whole, to: file)
        }
        return scan.recovery
    }

    private static func scan(_ file: URL) throws(EvaluationError) -> (
        recovery: JournalRecovery, whole: [UInt8], torn: [UInt8], tornIsTail: Bool
    ) {
        let bytes = try FileBytes.read(file, limit: maximumBytes)
        var recovery = JournalRecovery()
        var whole: [UInt8] = []
        var torn: [UInt8] = []
        var places: [String: [String: Int]] = [:]
        var start = 0
        while start < bytes.count {
            let newline = bytes[start...].firstIndex(of: 0x0A)
            let next = newline.map { $0 + 1 } ?? bytes.count
            if let newline, let line = JournalLine.decode(bytes[start..<newline]) {
                whole += bytes[start..<next]
                recovery.lines += 1
                let name = "\(line.record.sample)/\(line.record.id)"
                if let place = places[line.run]?[name] {
                    recovery.records[line.run]?[place] = line.record
                } else {
                    places[line.run, default: [:]][name] = recovery.records[line.run]?.count ?? 0
                    recovery.records[line.run, default: []].append(line.record)
                }
            } else {
                torn += bytes[start..<next]
            }
            start = next
        }
        recovery.length = whole.count
        recovery.setAsideBytes = torn.count
        return (recovery, whole, torn, bytes.starts(with: whole))
    }
}

extension Journal {
    /// The records of a run directory by run key, without locking or changing it.
    /// - Throws: `EvaluationError` if there is no `results.jsonl` to read.
    package static func records(in directory: URL) throws(EvaluationError) -> [String: [ProblemRecord]] {
        try JournalRecovery.read(directory.appendingPathComponent("results.jsonl")).records
    }
}
