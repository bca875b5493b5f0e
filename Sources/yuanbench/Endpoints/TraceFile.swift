import Evaluation
import Foundation
import RunRecords
import Synchronization

/// What servers told of the tokens of their answers, kept in `traces.jsonl` beside the journal: margins of answers that an
/// earlier start of the run was given are compared after `--resume` too.
///
/// Only a help to the comparison: a line that is not whole is passed over, and its answer then has no margins.
final class TraceFile: Sendable {
    private struct Line: Codable {
        /// The run's key in the journal.
        var run: String
        /// The problem's.
        var id: String
        var steps: [TokenTrace.Step]
    }

    /// Of an earlier start, by run key and problem; of one problem the last counts.
    let earlier: [String: [String: TokenTrace]]
    private let handle: Mutex<FileHandle>

    private static let maximumBytes = 2 << 30

    /// - Parameter folder: of a run, held by its journal.
    /// - Throws: `EvaluationError` if there is a file that cannot be read, `Failure` if it cannot be written.
    init(folder: URL) throws {
        let file = folder.appendingPathComponent("traces.jsonl")
        var bytes: [UInt8] = []
        if FileManager.default.fileExists(atPath: file.path) {
            bytes = try FileBytes.read(file, limit: Self.maximumBytes)
        }
        var earlier: [String: [String: TokenTrace]] = [:]
        let decoder = JSONDecoder()
        for text in bytes.split(separator: 0x0A) {
            guard let line = try? decoder.decode(Line.self, from: Data(text)) else { continue }
            earlier[line.run, default: [:]][line.id] = TokenTrace(steps: line.steps)
        }
        self.earlier = earlier
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Failure(Exit.cannotWrite, "\(file.path): \(systemMessage(errno)); choose another --output")
        }
        handle = Mutex(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
        // Whatever comes next is not to become part of a torn line.
        if let last = bytes.last, last != 0x0A { write(Data("\n".utf8)) }
    }

    /// On a full disk nothing is added; the journal ends the run then.
    func append(_ trace: TokenTrace, id: String, run: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(Line(run: run, id: id, steps: trace.steps)) else { return }
        write(line + Data("\n".utf8))
    }

    private func write(_ data: Data) {
        handle.withLock { try? $0.write(contentsOf: data) }
    }
}
