import CNano
import Foundation

/// The model that is part of the binary; Tools/train-nano says what it is and how it was made.
package enum EmbeddedModel {
    /// What `--model` calls it.
    package static let name = "yuan2-nano"

    /// The folder for its files could not be made.
    package struct CannotUnpack: Error, CustomStringConvertible {
        package let description: String
    }

    /// Bytes of all its files.
    package static var byteCount: Int { files.reduce(0) { $0 + $1.bytes.count } }

    private static var files: [(name: String, bytes: UnsafeRawBufferPointer)] {
        (0..<nano_file_count()).map { index in
            let file = nano_file_at(index)
            return (String(cString: file.name), UnsafeRawBufferPointer(start: file.bytes, count: file.count))
        }
    }

    /// Lends the model as a folder in Hugging Face layout, which is gone when `body` has returned: a checkpoint opened
    /// in between keeps its mapping. So every reader stays one of files, and nothing is left behind.
    ///
    /// - Throws: `CannotUnpack` when the temporary folder takes no files, and what `body` throws.
    package static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let temporary = FileManager.default.temporaryDirectory
        let parent = temporary.appendingPathComponent("yuanbench-\(UUID().uuidString)")
        let folder = parent.appendingPathComponent(name)
        defer { try? FileManager.default.removeItem(at: parent) }
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for file in files {
                try Data(file.bytes).write(to: folder.appendingPathComponent(file.name))
            }
        } catch {
            throw CannotUnpack(
                description: "\(name): cannot be unpacked into \(temporary.path), which takes \(byteCount) bytes for a "
                    + "moment; free some space there, or set TMPDIR to a folder that can be written (\(error))")
        }
        return try body(folder)
    }
}
