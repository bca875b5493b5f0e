import Foundation

/// Loads problem sets from their folders, or from bare files of a known shape.
package enum DatasetLoader {
    /// Loads the set whose `dataset.json` lies in `folder`.
    /// - Parameter dataFolders: further folders in which the declared files may lie, such as the cache.
    /// - Throws: `EvaluationError`; of kind `unavailable` if the declared file has to be fetched first.
    package static func load(folder: URL, dataFolders: [URL] = []) throws(EvaluationError) -> Dataset {
        let declaration = try DatasetDeclaration.read(contentsOf: folder.appendingPathComponent("dataset.json"))
        let folders = [folder] + dataFolders
        guard let file = find(declaration.source.file, in: folders) else {
            let hint = declaration.source.obtain ?? "put it there"
            throw EvaluationError(
                .unavailable,
                "data set \(declaration.name): \(declaration.source.file) is not in "
                    + folders.map(\.path).joined(separator: " or ") + "; \(hint)")
        }
        return try load(declaration, problems: file, exampleFolders: folders)
    }

    /// Loads a `.jsonl` or `.jsonl.gz` file by itself; its shape is told by its name or by the keys of its first row.
    package static func load(file: URL) throws(EvaluationError) -> Dataset {
        let bytes = try FileBytes.readUnpacked(file, limit: ProblemFile.maximumBytes)
        guard let first = try ProblemFile.lines(bytes, file: file.path).first else {
            throw EvaluationError(.badInput, "\(file.path): holds no problems; put one JSON object on each line")
        }
        let row = try ObjectReader(parsing: first.bytes, file: file.path, line: first.line)
        guard let declaration = try KnownDatasets.declaration(forFile: file.lastPathComponent, keys: Set(row.keys))
        else {
            throw row.place.error(
                "no known kind of problem; a row needs the keys of HumanEval, MBPP, GSM8K or CRUXEval, or id, prompt and answer "
                    + "(found: \(row.keys.joined(separator: ", ").printable(limit: 200)))")
        }
        return try load(declaration, problems: file, exampleFolders: [file.deletingLastPathComponent()], bytes: bytes)
    }

    private static func find(_ name: String, in folders: [URL]) -> URL? {
        folders.map { $0.appendingPathComponent(name) }.first { FileManager.default.fileExists(atPath: $0.path) }
    }

    private static func load(
        _ declaration: DatasetDeclaration, problems file: URL, exampleFolders: [URL], bytes: [UInt8]? = nil
    ) throws(EvaluationError) -> Dataset {
        var content = bytes ?? []
        if bytes == nil { content = try FileBytes.readUnpacked(file, limit: ProblemFile.maximumBytes) }
        let all = try ProblemFile.problems(
            content, file: file.path, format: declaration.format, kind: declaration.kind)
        var dataset = Dataset(declaration: declaration, problemsFile: file.path, problems: all, examples: [])
        if let fewShot = declaration.prompt.fewShot {
            dataset.examples = try examples(fewShot, declaration, own: all, folders: exampleFolders)
        }
        // An example is never a problem as well.
        let examples = Set(dataset.examples.map(\.id))
        if declaration.prompt.fewShot?.file == nil { dataset.problems.removeAll { examples.contains($0.id) } }
        if let range = declaration.source.idRange {
            dataset.problems = dataset.problems.filter { number(of: $0.id).map(range.contains) ?? false }
            if dataset.problems.isEmpty {
                throw EvaluationError(
                    .badInput,
                    "\(file.path): no problem has a number from \(range.lowerBound) to \(range.upperBound), as \"id_range\" of "
                        + "\(declaration.name) asks; correct the range")
            }
        }
        return dataset
    }

    /// The examples a declaration asks for; none if they lie in a file of their own that is absent.
    private static func examples(
        _ fewShot: FewShotDeclaration, _ declaration: DatasetDeclaration, own: [Problem], folders: [URL]
    ) throws(EvaluationError) -> [Problem] {
        var pool = own
        if let name = fewShot.file {
            guard let file = find(name, in: folders) else { return [] }
            pool = try ProblemFile.problems(
                try FileBytes.readUnpacked(file, limit: ProblemFile.maximumBytes), file: file.path,
                format: declaration.format, kind: declaration.kind)
        }
        if fewShot.ids.isEmpty { return Array(pool.prefix(fewShot.count)) }
        let index = ProblemIndex(pool)
        let found = fewShot.ids.compactMap(index.problem)
        // A bare test split lacks the rows that serve as examples; the prompt is then zero-shot, and recorded as such.
        return found.count == fewShot.ids.count ? found : []
    }

    /// The number at the end of an id.
    private static func number(of id: String) -> Int? {
        Int(String(id.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()))
    }
}
