import Foundation
import RunRecords

/// The results of a run directory as they come: `results.jsonl`, one record a line, safe against kill and full disk.
///
/// A record counts as done once its group is synced: after 16 records, 100 ms or the last one. A disk that runs
/// full ends the run in good order: room kept in reserve takes the records that are under way.
package actor Journal {
    /// What was found when the directory was opened.
    package struct Recovery: Sendable, Equatable {
        /// Whole records of earlier, by run key; of one problem and sample the last counts.
        package var records: [String: [ProblemRecord]] = [:]
        /// Bytes that were no whole record and now lie in `results.torn`.
        package var setAsideBytes = 0
    }

    nonisolated package let directory: URL
    nonisolated package let recovery: Recovery
    private let lock: RunLock
    private let reserve: DiskReserve
    private let descriptor: Int32
    /// Size of the file up to its last whole record.
    private var length: Int
    private var safeRecords: Int
    private var pending: [CheckedContinuation<Void, any Error>] = []
    private var failure: Int32?
    private var timer: Task<Void, Never>?

    private static let groupSize = 16
    private static let groupDelay = Duration.milliseconds(100)

    /// Opens a run directory for writing, making it if need be.
    /// - Parameter resume: go on with the run that lies there; without it a directory that holds a run is refused.
    /// - Throws: `EvaluationError`: another process holds the run, or the run that lies there is another one (it says what
    ///   differs), or nothing can be written.
    package init(directory: URL, manifest: RunManifest, resume: Bool) throws(EvaluationError) {
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw EvaluationError(
                .cannotWrite,
                "\(directory.path): cannot be made a folder: \(error.localizedDescription); choose another --output")
        }
        lock = try RunLock(directory: directory)
        for folder in [directory, directory.appendingPathComponent("charts")] {
            AtomicFile.removeLeftovers(in: folder)
        }
        let file = directory.appendingPathComponent("results.jsonl")
        let earlier = try RunManifest.read(from: directory)
        let hasResults = FileManager.default.fileExists(atPath: file.path)
        if earlier != nil || hasResults, !resume {
            throw EvaluationError(
                .badInput,
                "\(directory.path): holds a run already; add --resume to go on with it, or choose another --output")
        }
        if let earlier {
            try Self.check(manifest, continues: earlier, in: directory)
        } else {
            guard !hasResults else {
                throw EvaluationError(
                    .badInput,
                    "\(directory.path): has results.jsonl but no run.json to tell what they are; choose another --output"
                )
            }
            try manifest.write(to: directory)
        }
        let restored = try hasResults ? JournalRecovery.restore(file) : JournalRecovery()
        let keys = Set(manifest.runs.map(\.key))
        recovery = Recovery(
            records: restored.records.filter { keys.contains($0.key) }, setAsideBytes: restored.setAsideBytes)
        self.directory = directory
        length = restored.length
        safeRecords = restored.lines
        descriptor = open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw AtomicFile.failure(file, errno) }
        reserve = DiskReserve(directory: directory)
        // Every stored property is set before this may throw: the descriptor is then closed, the lock released.
        try reserve.fill()
        try AtomicFile.syncFolder(directory)
    }

    deinit { close(descriptor) }

    private static func check(_ manifest: RunManifest, continues earlier: RunManifest, in directory: URL)
        throws(EvaluationError)
    {
        let known = Dictionary(earlier.runs.map { ($0.key, $0) }) { first, _ in first }
        var differences: [String] = []
        for run in manifest.runs {
            guard let before = known[run.key] else {
                differences.append("run \(run.key.printable()) is new")
                continue
            }
            if before.hash != run.hash {
                differences += run.differences(from: before).map { "\(run.key.printable()): \($0)" }
            }
        }
        let asked = Set(manifest.runs.map(\.key))
        differences += earlier.runs.filter { !asked.contains($0.key) }.map {
            "run \($0.key.printable()) is not asked for"
        }
        if !differences.isEmpty {
            throw EvaluationError(
                .badInput,
                "\(directory.path): holds another run (\(differences.joined(separator: "; "))); repeat its request, or choose another "
                    + "--output")
        }
    }

    /// Writes one record and returns when it is safe on disk.
    /// - Parameter isLast: no other record is under way that its group could wait for.
    /// - Throws: `EvaluationError` of kind `cannotWrite` once the disk is full, even if the reserve had room for this
    ///   record: nothing new shall be begun. The file always ends with a whole record.
    package func append(_ record: ProblemRecord, run: String, isLast: Bool = false) async throws {
        let line = try JournalLine.encode(record, run: run)
        var problem = write(line)
        if problem == ENOSPC || problem == EDQUOT {
            failure = failure ?? problem
            if reserve.release() { problem = write(line) }
        }
        guard problem == 0 else {
            failure = failure ?? problem
            sync()
            throw fullError(problem)
        }
        length += line.count
        try await withCheckedThrowingContinuation { continuation in
            pending.append(continuation)
            if isLast || pending.count >= Self.groupSize {
                sync()
            } else if timer == nil {
                timer = Task { [weak self] in
                    try? await Task.sleep(for: Self.groupDelay)
                    await self?.sync()
                }
            }
        }
        try check()
    }

    /// Ends with the last whole record, whatever was written of `line`.
    /// - Returns: 0, or the error number.
    private func write(_ line: [UInt8]) -> Int32 {
        let problem = AtomicFile.writeAll(line, to: descriptor)
        if problem != 0 { _ = ftruncate(descriptor, off_t(length)) }
        return problem
    }

    /// - Throws: `EvaluationError` of kind `cannotWrite`, once a record could not be written, that says how many are safe.
    package func check() throws {
        if let failure { throw fullError(failure) }
    }

    /// Everything is kept: gives the reserve back, so that the reports have room.
    package func finish() { reserve.release() }

    /// Syncs the records that wait for it and lets their writers go on.
    private func sync() {
        timer?.cancel()
        timer = nil
        let group = pending
        pending = []
        guard !group.isEmpty else { return }
        if fdatasync(descriptor) == 0 {
            safeRecords += group.count
            for continuation in group { continuation.resume() }
        } else {
            let number = errno
            failure = failure ?? number
            let error = fullError(number)
            for continuation in group { continuation.resume(throwing: error) }
        }
    }

    private func fullError(_ number: Int32) -> EvaluationError {
        EvaluationError(
            .cannotWrite,
            "\(directory.appendingPathComponent("results.jsonl").path): \(systemMessage(number)); \(safeRecords) results are safe, free "
                + "space and go on with --resume")
    }
}
