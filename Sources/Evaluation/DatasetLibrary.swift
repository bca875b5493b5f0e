import Foundation

/// Finds problem sets by name or path.
package struct DatasetLibrary: Sendable {
    /// Folders whose subfolders are problem sets, in the order of search.
    package var roots: [URL]
    /// Folder for fetched data, one subfolder a set.
    package var cache: URL

    package init(roots: [URL], cache: URL) {
        self.roots = roots
        self.cache = cache
    }

    /// The usual places: `./Datasets`, `Datasets` and `share/yuanbench/Datasets` beside the executable or above it, and the
    /// cache.
    package static func standard(
        currentDirectory: URL, executable: URL?, environment: [String: String]
    ) -> DatasetLibrary {
        var roots = [currentDirectory.appendingPathComponent("Datasets")]
        var folder = executable?.resolvingSymlinksInPath().deletingLastPathComponent()
        // `.build/<triple>/release/yuanbench` lies four levels below the checkout.
        for _ in 0..<5 {
            guard let current = folder, current.path != "/" else { break }
            roots.append(current.appendingPathComponent("Datasets"))
            // `<prefix>/bin/yuanbench` with its data in `<prefix>/share`.
            roots.append(current.appendingPathComponent("share/yuanbench/Datasets"))
            folder = current.deletingLastPathComponent()
        }
        var seen: Set<String> = []
        roots = roots.filter { seen.insert($0.standardizedFileURL.path).inserted }
        return DatasetLibrary(roots: roots, cache: cacheFolder(environment: environment))
    }

    /// `$XDG_CACHE_HOME/yuanbench/datasets`, else `~/.cache/yuanbench/datasets`.
    package static func cacheFolder(environment: [String: String]) -> URL {
        let base: URL
        if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") {
            base = URL(fileURLWithPath: path)
        } else {
            base = FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
        }
        return base.appendingPathComponent("yuanbench/datasets")
    }

    /// Loads a set by name, by the path of its folder, or by the path of a bare `.jsonl[.gz]` file.
    /// - Throws: `EvaluationError` that says where was looked.
    package func load(_ nameOrPath: String) throws(EvaluationError) -> Dataset {
        if !nameOrPath.contains("/"), let folder = folder(named: nameOrPath) {
            return try DatasetLoader.load(folder: folder, dataFolders: [cache.appendingPathComponent(nameOrPath)])
        }
        var isFolder: ObjCBool = false
        let url = URL(fileURLWithPath: nameOrPath)
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) {
            guard isFolder.boolValue else { return try DatasetLoader.load(file: url) }
            let name = url.standardizedFileURL.lastPathComponent
            return try DatasetLoader.load(folder: url, dataFolders: [cache.appendingPathComponent(name)])
        }
        if KnownDeclarations.texts[nameOrPath] != nil {
            // A known set whose declaration does not lie on this machine: its data may have been fetched all the same.
            let declaration = try KnownDatasets.declaration(nameOrPath)
            let file = cache.appendingPathComponent(nameOrPath).appendingPathComponent(declaration.source.file)
            if FileManager.default.fileExists(atPath: file.path) { return try DatasetLoader.load(file: file) }
            throw EvaluationError(
                .unavailable,
                "data set \(nameOrPath): \(declaration.source.file) is not in \(file.deletingLastPathComponent().path); "
                    + (declaration.source.obtain ?? "put it there"))
        }
        let known = list().map(\.name).joined(separator: ", ")
        throw EvaluationError(
            .badInput,
            "no data set \"\(nameOrPath.printable(limit: 200))\"; name one of \(known.isEmpty ? "(none found)" : known), or give a path "
                + "(looked in \(roots.map(\.path).joined(separator: ", ")))")
    }

    /// One set as `dataset list` shows it.
    package struct Entry: Sendable, Equatable {
        package var name: String
        package var folder: URL
        /// The declaration, or what is wrong with it.
        package var declaration: Result<DatasetDeclaration, EvaluationError>
        /// Whether the problems are there too.
        package var hasData: Bool
    }

    /// Every set found, by name; the first of two with the same name counts.
    package func list() -> [Entry] {
        var entries: [String: Entry] = [:]
        for root in roots + [cache] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
            for name in names where entries[name] == nil {
                let folder = root.appendingPathComponent(name)
                let file = folder.appendingPathComponent("dataset.json")
                guard FileManager.default.fileExists(atPath: file.path) else { continue }
                let declaration = Result { () throws(EvaluationError) in try DatasetDeclaration.read(contentsOf: file) }
                var hasData = false
                if case .success(let found) = declaration {
                    hasData = [folder, cache.appendingPathComponent(name)].contains {
                        FileManager.default.fileExists(atPath: $0.appendingPathComponent(found.source.file).path)
                    }
                }
                entries[name] = Entry(name: name, folder: folder, declaration: declaration, hasData: hasData)
            }
        }
        return entries.values.sorted { $0.name < $1.name }
    }

    private func folder(named name: String) -> URL? {
        guard !name.isEmpty, !name.hasPrefix(".") else { return nil }
        return (roots + [cache]).map { $0.appendingPathComponent(name) }.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("dataset.json").path)
        }
    }
}
