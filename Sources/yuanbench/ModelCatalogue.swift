import Foundation

/// Models that can be named instead of pathed: what lies in the cache folder.
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

    /// The file or folder of a model given by path or by name.
    static func locate(_ pathOrName: String) throws -> URL {
        if FileManager.default.fileExists(atPath: pathOrName) { return URL(fileURLWithPath: pathOrName) }
        if let entry = entries().first(where: { $0.name.lowercased() == pathOrName.lowercased() }) { return entry.url }
        let known = entries().map(\.name)
        let hint =
            known.isEmpty
            ? "there is none in \(folder.path)"
            : "known names are \(known.joined(separator: ", "))"
        throw Failure(
            Exit.badInput, "model \"\(pathOrName)\": no such file or folder, and not a known name (\(hint))")
    }
}
