import Foundation
import Synchronization

/// Brings a model of a hub into the cache: nothing has its own name there before all of it is checked.
package struct ModelPull: Sendable {
    /// How far a pull is.
    package enum Event: Sendable {
        case began(files: Int, bytes: Int)
        /// Bytes that came, also those of an earlier try (`resumed`); less than zero: that have to come again.
        case received(Int, resumed: Bool)
    }

    /// What a pull brought, as the cache remembers it beside the model.
    package struct Source: Codable, Sendable {
        package var hub: String
        package var model: String
        package var revision: String
        /// Checksums by file name.
        package var files: [String: String]

        package static let fileName = "yuanbench-source.json"
    }

    private let hub: any Hub
    private let client: HubClient
    /// Folder of models.
    private let cache: URL

    package init(hub: any Hub, client: HubClient, cache: URL) {
        self.hub = hub
        self.client = client
        self.cache = cache
    }

    /// Fetches a model, or goes on fetching it.
    /// - Parameters:
    ///   - wanted: name of one `.gguf` file among several.
    ///   - tell: called from several threads.
    /// - Returns: the folder of a checkpoint, or the `.gguf` file.
    /// - Throws: `HubError`, or `CancellationError`; what came is kept for the next try.
    package func pull(
        _ model: RepositoryName, revision: String? = nil, wanted: String? = nil,
        tell: @escaping @Sendable (Event) -> Void
    ) async throws -> URL {
        let listing = try await hub.list(model, revision: revision, client: client)
        let files = try CheckpointSelection.choose(listing.files, wanted: wanted, model: model)
        let single = files.count == 1 && files[0].name.lowercased().hasSuffix(".gguf")
        let folder = cache.appendingPathComponent(model.owner).appendingPathComponent(model.name)
        let source = Source(
            hub: hub.name, model: "\(model)", revision: listing.revision,
            files: Dictionary(uniqueKeysWithValues: Set(files.map(\.name)).map { name in (name, digest(name, files)) }))
        let final = single ? folder.appendingPathComponent(files[0].name) : folder
        if let present = saved(folder), FileManager.default.fileExists(atPath: final.path),
            source.files.allSatisfy({ present.files[$0.key] == $0.value })
        {
            return final
        }
        let bytes = files.reduce(0) { $0 + $1.size }
        let work = cache.appendingPathComponent(".partial/\(model.owner)--\(model.name)")
        try make(work)
        let lock = try lock(work)
        defer { close(lock) }
        try checkSpace(for: bytes, in: work)
        tell(.began(files: files.count, bytes: bytes))
        for file in files {
            try Task.checkCancellation()
            let first = Atomic(true)
            try await FileDownload(
                file: file, url: try hub.address(of: file, in: listing), secrets: hub.headers, client: client,
                folder: work,
                // What is there already is told before any byte comes.
                progress: { tell(.received($0, resumed: first.exchange(false, ordering: .relaxed))) }
            ).run()
        }
        try install(files, source, from: work, single: single, to: folder)
        return final
    }

    private func digest(_ name: String, _ files: [RemoteFile]) -> String {
        switch files.first(where: { $0.name == name })?.digest {
        case .sha256(let text), .gitBlob(let text): text
        case nil: ""
        }
    }

    private func saved(_ folder: URL) -> Source? {
        (try? Data(contentsOf: folder.appendingPathComponent(Source.fileName)))
            .flatMap { try? JSONDecoder().decode(Source.self, from: $0) }
    }

    private func make(_ folder: URL) throws(HubError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw HubError(
                .cannotWrite,
                "\(folder.path): cannot be made a folder (\(error.localizedDescription)); set XDG_CACHE_HOME to one that can"
            )
        }
    }

    /// Held until closed, or until the process ends.
    private func lock(_ folder: URL) throws(HubError) -> Int32 {
        let path = folder.appendingPathComponent("lock").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw HubError(.cannotWrite, "\(path): cannot be made (\(String(cString: strerror(errno))))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw HubError(.unavailable, "\(folder.path): another yuanbench is fetching this model; wait for it")
        }
        return descriptor
    }

    /// What is there already of this model counts as used.
    private func checkSpace(for bytes: Int, in folder: URL) throws(HubError) {
        var info = statvfs()
        guard statvfs(folder.path, &info) == 0 else { return }
        let free = Int(
            clamping: UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize)).partialValue)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let here = names.reduce(0) { sum, name in
            var status = stat()
            return stat(folder.appendingPathComponent(name).path, &status) == 0
                ? sum + Int(status.st_blocks) * 512 : sum
        }
        guard bytes - here <= free else {
            throw HubError(
                .cannotWrite,
                "\(folder.path): the model needs \(bytes) bytes, \(free) are free; make room, or set XDG_CACHE_HOME to a "
                    + "larger disk")
        }
    }

    private func install(
        _ files: [RemoteFile], _ source: Source, from work: URL, single: Bool, to folder: URL
    ) throws {
        do {
            let manager = FileManager.default
            var source = source
            if single {
                // Others of the same repository may lie there already.
                try manager.createDirectory(at: folder, withIntermediateDirectories: true)
                source.files.merge(saved(folder)?.files ?? [:]) { new, _ in new }
                let target = folder.appendingPathComponent(files[0].name)
                guard rename(work.appendingPathComponent(files[0].name).path, target.path) == 0 else {
                    throw HubError(
                        .cannotWrite, "\(target.path): cannot be named so (\(String(cString: strerror(errno))))")
                }
                try encoded(source).write(to: folder.appendingPathComponent(Source.fileName), options: .atomic)
                try manager.removeItem(at: work)
                return
            }
            // What an earlier revision left behind does not belong to the checkpoint.
            let wanted = Set(files.map(\.name))
            for name in try manager.contentsOfDirectory(atPath: work.path) where !wanted.contains(name) {
                try manager.removeItem(at: work.appendingPathComponent(name))
            }
            try encoded(source).write(to: work.appendingPathComponent(Source.fileName), options: .atomic)
            try manager.createDirectory(at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
            if manager.fileExists(atPath: folder.path) {
                let old = work.appendingPathExtension("old")
                try? manager.removeItem(at: old)
                try manager.moveItem(at: folder, to: old)
                try manager.moveItem(at: work, to: folder)
                try? manager.removeItem(at: old)
            } else {
                try manager.moveItem(at: work, to: folder)
            }
        } catch let error as HubError {
            throw error
        } catch {
            throw HubError(.cannotWrite, "\(folder.path): cannot be put in place (\(error.localizedDescription))")
        }
    }

    private func encoded(_ source: Source) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(source)
    }
}
