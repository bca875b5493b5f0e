import Crypto
import ForeignText
import Foundation

extension ProblemFormat {
    /// Kinds of problems this format's rows can hold.
    var kinds: [ProblemKind] {
        switch self {
        case .native: ProblemKind.allCases
        case .humaneval, .mbpp, .multiplE: [.pythonTests]
        case .gsm8k, .cruxevalOutput: [.exactMatch]
        }
    }

    /// Reads one row. `index` counts the rows from 0, for formats whose rows have no id.
    func problem(_ row: inout ObjectReader, kind: ProblemKind, index: Int) throws(EvaluationError) -> Problem {
        switch self {
        case .native where kind == .pythonTests: try NativeRow.pythonTests(&row)
        case .native where kind == .programOutput: try NativeRow.programOutput(&row)
        case .native: try NativeRow.exactMatch(&row)
        case .humaneval: try PublicRow.humanEval(&row)
        case .mbpp: try PublicRow.mbpp(&row)
        case .multiplE: try PublicRow.multiplE(&row)
        case .gsm8k: try PublicRow.gsm8k(&row, index: index)
        case .cruxevalOutput: try PublicRow.cruxEval(&row)
        }
    }
}

/// Reads the problems of a `.jsonl` file, one JSON object a line.
package enum ProblemFile {
    package static let maximumBytes = 512 << 20
    package static let maximumLineBytes = 4 << 20

    /// The lines of a file that hold something, with their numbers.
    package static func lines(_ bytes: [UInt8], file: String) throws(EvaluationError) -> [(
        line: Int, bytes: ArraySlice<UInt8>
    )] {
        var lines: [(line: Int, bytes: ArraySlice<UInt8>)] = []
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var number = 1
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            if end - start > maximumLineBytes {
                throw FilePlace(file: file, line: number)
                    .error("a line of \(end - start) bytes; at most \(maximumLineBytes) are read, shorten it")
            }
            let line = bytes[start..<end]
            if line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) { lines.append((number, line)) }
            start = end + 1
            number += 1
        }
        return lines
    }

    /// - Throws: `EvaluationError` naming file, line and key for the first row that is not as it should be.
    package static func problems(
        _ bytes: [UInt8], file: String, format: ProblemFormat, kind: ProblemKind
    ) throws(EvaluationError) -> [Problem] {
        var problems: [Problem] = []
        var seen: [String: Int] = [:]
        for (index, row) in try lines(bytes, file: file).enumerated() {
            var reader = try ObjectReader(parsing: row.bytes, file: file, line: row.line)
            var problem = try format.problem(&reader, kind: kind, index: index)
            // Public files carry keys of their own; in the project's own format an unknown key is a slip.
            if format == .native { try reader.finish() }
            guard !problem.id.isEmpty, problem.id.utf8.count <= 200,
                problem.id.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
            else { throw reader.place.error("the id must have 1 to 200 bytes and no control characters") }
            if let first = seen.updateValue(row.line, forKey: problem.id) {
                throw reader.place.error("id \"\(problem.id)\" was used in line \(first) already; ids must be unique")
            }
            problem.line = row.line
            problem.digest = Array(SHA256.hash(data: trimmed(row.bytes)))
            problems.append(problem)
        }
        if problems.isEmpty {
            throw EvaluationError(.badInput, "\(file): holds no problems; put one JSON object on each line")
        }
        return problems
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == 0x0D ? line.dropLast() : line
    }
}
