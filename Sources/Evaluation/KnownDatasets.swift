/// Tells what a bare problem file is, and how to ask and score it.
package enum KnownDatasets {
    /// - Parameters:
    ///   - name: the file's name; a known set's own file name wins over the keys.
    ///   - keys: keys of the first row.
    /// - Returns: nil if the rows have no known shape.
    static func declaration(forFile name: String, keys: Set<String>) throws(EvaluationError) -> DatasetDeclaration? {
        func stem(_ file: String) -> String { file.hasSuffix(".gz") ? String(file.dropLast(3)) : file }
        if let set = shape(of: keys) {
            var declarations: [DatasetDeclaration] = []
            for known in set.sets { declarations.append(try declaration(known)) }
            if let own = declarations.first(where: { stem($0.source.file) == stem(name) }) { return own }
            // A part of a set, or a set under another name, is taken whole; only the set's own file has a range.
            var found = declarations.first
            found?.source.idRange = nil
            return found
        }
        if keys.isSuperset(of: ["id", "prompt", "entry_point", "solution", "tests"]) {
            return bare(named: stem(name), kind: .pythonTests)
        }
        if keys.isSuperset(of: ["id", "prompt", "cases"]) { return bare(named: stem(name), kind: .programOutput) }
        if keys.isSuperset(of: ["id", "prompt", "answer"]) { return bare(named: stem(name), kind: .exactMatch) }
        return nil
    }

    /// The declaration of a known set.
    package static func declaration(_ name: String) throws(EvaluationError) -> DatasetDeclaration {
        try DatasetDeclaration.parse(
            Array((KnownDeclarations.texts[name] ?? "").utf8), file: "Datasets/\(name)/dataset.json")
    }

    private static func shape(of keys: Set<String>) -> (keys: Set<String>, sets: [String])? {
        let shapes: [(keys: Set<String>, sets: [String])] = [
            (["task_id", "prompt", "entry_point", "test"], ["humaneval", "humaneval-plus"]),
            (["task_id", "code", "test_list", "test"], ["mbpp-plus"]),
            (["task_id", "code", "test_list"], ["mbpp"]),
            (["name", "language", "prompt", "tests", "stop_tokens"], ["multipl-e"]),
            (["question", "answer"], ["gsm8k"]),
            (["id", "code", "input", "output"], ["cruxeval"]),
        ]
        return shapes.first { keys.isSuperset(of: $0.keys) }
    }

    /// A file in the project's own format without a declaration: every default.
    private static func bare(named file: String, kind: ProblemKind) -> DatasetDeclaration {
        let name = file.hasSuffix(".jsonl") ? String(file.dropLast(6)) : file
        let python = kind == .pythonTests
        return DatasetDeclaration(
            name: name, version: "unversioned", description: "A bare problem file.", licence: "unknown", kind: kind,
            format: .native, source: DatasetSource(file: file, idRange: nil, obtain: nil), language: "en",
            prompt: PromptDeclaration(
                style: nil,
                templates: PromptTemplates(
                    completion: "{prompt}", system: nil,
                    chat: python ? "{text}\n\n```python\n{prompt_trimmed}\n```\n" : "{prompt}", chatPrefill: nil),
                languages: [:], fewShot: nil),
            maxNewTokens: 512,
            stop: ByStyle(
                completion: python
                    ? ["\nclass ", "\ndef ", "\n#", "\n@", "\nprint", "\nif", "\n```"]
                    : kind.runsPrograms ? ["\n```"] : ["\n\n"], chat: []),
            extraction: ByStyle(
                completion: "stop-strings", chat: kind.runsPrograms ? "fenced-block" : "none"),
            scorer: ScorerDeclaration(
                name: kind.rawValue, answers: [AnswerRule(name: "exact", method: .firstLine)],
                normalise: [.named(.trim)],
                limits: LimitsDeclaration()),
            skip: [:])
    }
}
