import Checkpoints
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

    /// Everything in the cache folder that looks like a model, by name: `NAME` at the top, `OWNER/NAME` of a hub below.
    static func entries() -> [(name: String, url: URL)] {
        contents(of: folder).flatMap { url -> [(name: String, url: URL)] in
            if let model = model(url) { return [model] }
            let owner = url.lastPathComponent
            return contents(of: url).flatMap { repository -> [(name: String, url: URL)] in
                let name = "\(owner)/\(repository.lastPathComponent)"
                if model(repository) != nil { return [(name, repository)] }
                let files = contents(of: repository).compactMap(model)
                return files.count == 1 ? [(name, files[0].url)] : files.map { ("\(name)/\($0.name)", $0.url) }
            }
        }.sorted { $0.name < $1.name }
    }

    /// A model given by its name, or by the last part of it where that is unique; case does not matter.
    static func entry(named name: String) -> (name: String, url: URL)? {
        let wanted = name.lowercased()
        let all = entries()
        if let entry = all.first(where: { $0.name.lowercased() == wanted }) { return entry }
        let short = all.filter { $0.name.lowercased().hasSuffix("/" + wanted) }
        return short.count == 1 ? short[0] : nil
    }

    /// Describes a model file or folder; a whole model is also opened as a run would open it, so that what passes here
    /// can be run.
    static func inspect(_ url: URL) throws -> ModelDescription {
        let description = try ModelInspection.inspect(url)
        if description.isModel { _ = try ModelSource(url) }
        return description
    }

    /// What a model in the cache is called.
    static func name(of url: URL) -> String {
        entries().first { $0.url.standardizedFileURL.path == url.standardizedFileURL.path }?.name ?? url.path
    }

    /// Bytes of a file, or of a folder's files.
    static func size(of url: URL) -> Int {
        func bytes(_ url: URL) -> Int { (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0 }
        let files = contents(of: url)
        return files.isEmpty ? bytes(url) : files.reduce(0) { $0 + bytes($1) }
    }

    /// Removes a model of the cache, and the folders that held nothing else.
    static func remove(_ url: URL) throws {
        let manager = FileManager.default
        try manager.removeItem(at: url)
        var parent = url.deletingLastPathComponent()
        while parent.standardizedFileURL.path.hasPrefix(folder.standardizedFileURL.path + "/") {
            // What says where a model came from is of no use without it.
            let rest = contents(of: parent).filter { $0.lastPathComponent != "yuanbench-source.json" }
            guard rest.isEmpty else { return }
            try manager.removeItem(at: parent)
            parent = parent.deletingLastPathComponent()
        }
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

    /// The file or folder of a model given by path or by name.
    static func locate(_ pathOrName: String) throws -> URL {
        if FileManager.default.fileExists(atPath: pathOrName) { return URL(fileURLWithPath: pathOrName) }
        if let entry = entry(named: pathOrName) { return entry.url }
        let known = ([EmbeddedModel.name] + entries().map(\.name)).joined(separator: ", ")
        throw Failure(
            Exit.badInput,
            "model \"\(pathOrName)\": no such file or folder, and not a known name (known names are \(known)); fetch one by "
                + "'yuanbench model pull OWNER/NAME'")
    }

    private static func model(_ url: URL) -> (name: String, url: URL)? {
        if url.pathExtension == "gguf" { return (url.deletingPathExtension().lastPathComponent, url) }
        let isModel = FileManager.default.fileExists(atPath: url.appendingPathComponent("config.json").path)
        return isModel ? (url.lastPathComponent, url) : nil
    }

    /// Hidden files, such as those of a pull under way, are left out.
    private static func contents(of folder: URL) -> [URL] {
        let found =
            (try? FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])) ?? []
        return found.sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
