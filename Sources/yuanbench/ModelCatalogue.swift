import Foundation
import LocalGeneration

/// Models that can be named instead of pathed: the embedded one, and what lies in the cache folder.
enum ModelCatalogue {
    /// `$XDG_CACHE_HOME/yuanbench/models`, or `~/.cache/yuanbench/models`.
    static var folder: URL {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
        return cache.appendingPathComponent("yuanbench/models")
    }

    /// Everything in the cache folder that looks like a model, by name.
    static func entries() -> [(name: String, url: URL)] {
        let found =
            (try? FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: [.isDirectoryKey])) ?? []
        return found.compactMap { url in
            if url.pathExtension == "gguf" {
                return (url.deletingPathExtension().lastPathComponent, url)
            }
            let isModel = FileManager.default.fileExists(atPath: url.appendingPathComponent("config.json").path)
            return isModel ? (url.lastPathComponent, url) : nil
        }.sorted { $0.name < $1.name }
    }

    /// Calls `body` with the file or folder of a model given by path or by name. That of the embedded model exists only
    /// as long as `body` runs, which is enough to open it.
    static func withFiles<Result>(of pathOrName: String, _ body: (URL) throws -> Result) throws -> Result {
        try isEmbedded(pathOrName) ? EmbeddedModel.withFolder(body) : body(locate(pathOrName))
    }

    /// Whether this names the embedded model, and not a file or folder of that name.
    static func isEmbedded(_ pathOrName: String) -> Bool {
        pathOrName.lowercased() == EmbeddedModel.name && !FileManager.default.fileExists(atPath: pathOrName)
    }

    private static func locate(_ pathOrName: String) throws -> URL {
        if FileManager.default.fileExists(atPath: pathOrName) { return URL(fileURLWithPath: pathOrName) }
        if let entry = entries().first(where: { $0.name.lowercased() == pathOrName.lowercased() }) { return entry.url }
        let known = ([EmbeddedModel.name] + entries().map(\.name)).joined(separator: ", ")
        throw Failure(
            Exit.badInput,
            "model \"\(pathOrName)\": no such file or folder, and not a known name (known names are \(known))")
    }
}
