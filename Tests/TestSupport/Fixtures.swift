import Foundation

/// Where tests find their files.
package enum Fixtures {
    package static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")
    package static let repository = root.deletingLastPathComponent().deletingLastPathComponent()

    /// A file committed below `Tests/Fixtures`.
    package static func url(_ path: String) -> URL { root.appendingPathComponent(path) }

    /// A file of the material beside the checkout (`../shared`), which is not part of the project; nil without it.
    package static func shared(_ path: String) -> URL? {
        let base =
            ProcessInfo.processInfo.environment["YUANBENCH_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? repository.deletingLastPathComponent().appendingPathComponent("shared")
        let url = base.appendingPathComponent(path)
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }
}
