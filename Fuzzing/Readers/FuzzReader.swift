import Foundation
import TestSupport

/// One reader of files that others wrote, as a fuzzer drives it.
package struct FuzzReader: Sendable {
    package let name: String
    /// What an input is called on disk: readers tell formats by names.
    let fileName: String
    /// Folders and files below `Tests/Fixtures` whose files are the first inputs.
    package let seeds: [String]
    /// Endings of the seeds' names; others in the folders are left alone.
    let seedEndings: [String]
    /// Whole words of the format, for the mutations.
    package let words: [String]
    /// Files that stand beside the input.
    let neighbours: [String: [UInt8]]
    /// Reads the file; refusing it is no finding.
    private let read: @Sendable (_ folder: URL, _ file: URL) throws -> Void

    init(
        _ name: String, file: String, seeds: [String], endings: [String], words: [String],
        neighbours: [String: [UInt8]] = [:], read: @escaping @Sendable (_ folder: URL, _ file: URL) throws -> Void
    ) {
        self.name = name
        fileName = file
        self.seeds = seeds
        seedEndings = endings
        self.words = words
        self.neighbours = neighbours
        self.read = read
    }

    /// Longer inputs are not tried; the fuzzer would cut a longer seed, and what is left be refused at once.
    package static let maximumBytes = 16 << 10

    /// The first inputs: fixtures up to that size, those of `Fuzzing/Seeds/<name>`, and every input that once was a finding
    /// (`Fuzzing/Found/<name>`), sorted by path.
    package func seedFiles() -> [URL] {
        let own = ["Seeds", "Found"].map { Fixtures.repository.appendingPathComponent("Fuzzing/\($0)/\(name)") }
        let all = (seeds.map(Fixtures.url) + own).flatMap(Self.files)
        return all.filter { url in
            let isOwn = url.path.contains("/Fuzzing/")
            let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? .max
            return size <= Self.maximumBytes && (isOwn || seedEndings.contains { url.path.hasSuffix($0) })
        }
    }

    private static func files(_ url: URL) -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue, let all = FileManager.default.enumerator(atPath: url.path) else { return [url] }
        return all.compactMap { $0 as? String }.sorted().map { url.appendingPathComponent($0) }
            .filter { !$0.hasDirectoryPath }
    }

    /// A folder in which inputs are laid down, on a memory file system where there is one.
    package func workFolder() throws -> URL {
        let base = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        let folder = URL(fileURLWithPath: base).appendingPathComponent("yuanbench-fuzz-\(getpid())-\(name)")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, bytes) in neighbours { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
        return folder
    }

    /// Lets the reader read one input.
    /// - Returns: whether it was accepted.
    @discardableResult package func run(_ input: UnsafeRawBufferPointer, in folder: URL) -> Bool {
        let file = folder.appendingPathComponent(fileName)
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let written = input.isEmpty ? 0 : write(descriptor, input.baseAddress, input.count)
        close(descriptor)
        guard written == input.count else { return false }
        do {
            try read(folder, file)
            return true
        } catch {
            // The message is part of what hostile bytes reach.
            return "\(error)".isEmpty
        }
    }
}
