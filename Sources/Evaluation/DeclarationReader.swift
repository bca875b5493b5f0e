import Foundation

extension DatasetDeclaration {
    private static let maximumBytes = 1 << 20

    /// Reads a `dataset.json`.
    /// - Throws: `EvaluationError` naming file, line, key and mend.
    package static func read(contentsOf url: URL) throws(EvaluationError) -> DatasetDeclaration {
        let bytes = try FileBytes.read(url, limit: maximumBytes)
        return try parse(bytes, file: url.path)
    }

    /// Parses the content of a `dataset.json`; `file` is how errors call it.
    package static func parse(_ bytes: [UInt8], file: String) throws(EvaluationError) -> DatasetDeclaration {
        var reader = try ObjectReader(parsing: bytes[...], file: file)
        let name = try reader.string("name")
        guard !name.isEmpty, name.count <= 100,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }),
            !name.hasPrefix(".")
        else { throw reader.wrong("name", "letters, digits, \"-\", \"_\" and \".\" only") }
        guard let kind: ProblemKind = try reader.optionalChoice("kind") else {
            throw reader.wrong(
                "kind", ProblemKind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or "))
        }
        let format: ProblemFormat = try reader.optionalChoice("format") ?? .native
        guard format.kinds.contains(kind) else {
            throw reader.wrong("format", "a format whose rows suit kind \"\(kind.rawValue)\"")
        }
        let declaration = DatasetDeclaration(
            name: name, version: try reader.string("version"), description: try reader.string("description"),
            licence: try reader.string("licence"), kind: kind, format: format,
            source: try source(&reader), language: try reader.optionalString("language") ?? "en",
            prompt: try prompt(&reader),
            maxNewTokens: try reader.optionalInt("max_new_tokens", in: 1...65536) ?? 512,
            stop: try stop(&reader), extraction: try extraction(&reader, kind: kind),
            scorer: try ScorerDeclaration.read(&reader, kind: kind), skip: try skip(&reader))
        try reader.finish()
        return declaration
    }

    private static func source(_ reader: inout ObjectReader) throws(EvaluationError) -> DatasetSource {
        guard var object = try reader.optionalObject("source") else {
            return DatasetSource(file: "problems.jsonl", idRange: nil, obtain: nil)
        }
        let file = try object.string("file")
        guard isPlainName(file) else { throw object.wrong("file", "a plain file name without \"/\"") }
        var range: ClosedRange<Int>?
        if let bounds = try object.optionalArray("id_range") {
            let numbers = bounds.compactMap(\.integer)
            guard bounds.count == 2, numbers.count == 2, numbers[0] <= numbers[1] else {
                throw object.wrong("id_range", "two whole numbers, [from, to]")
            }
            range = numbers[0]...numbers[1]
        }
        let source = DatasetSource(file: file, idRange: range, obtain: try object.optionalString("obtain"))
        try object.finish()
        return source
    }

    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 200 && !name.contains("/") && !name.hasPrefix(".") && !name.contains("\0")
    }

    private static func prompt(_ reader: inout ObjectReader) throws(EvaluationError) -> PromptDeclaration {
        guard var object = try reader.optionalObject("prompt") else {
            return PromptDeclaration(style: nil, templates: PromptTemplates(), languages: [:], fewShot: nil)
        }
        let style: PromptStyle? = try object.optionalChoice("style")
        let templates = try PromptTemplates.read(&object)
        var languages: [String: PromptTemplates] = [:]
        if let all = try object.optionalObject("languages") {
            var all = all
            for language in all.keys {
                guard var one = try all.optionalObject(language) else { continue }
                languages[language] = try PromptTemplates.read(&one)
                try one.finish()
            }
        }
        var fewShot: FewShotDeclaration?
        if var shots = try object.optionalObject("few_shot") {
            let file = try shots.optionalString("file")
            if let file, !isPlainName(file) { throw shots.wrong("file", "a plain file name without \"/\"") }
            fewShot = FewShotDeclaration(
                count: try shots.int("count", in: 1...64), ids: try shots.optionalStrings("ids") ?? [], file: file,
                example: try shots.string("example"))
            if let ids = fewShot?.ids, !ids.isEmpty, ids.count != fewShot?.count {
                throw shots.wrong("ids", "as many ids as \"count\" says")
            }
            try shots.finish()
        }
        try object.finish()
        return PromptDeclaration(style: style, templates: templates, languages: languages, fewShot: fewShot)
    }

    private static func stop(_ reader: inout ObjectReader) throws(EvaluationError) -> ByStyle<[String]> {
        var stop = ByStyle<[String]>(completion: [], chat: [])
        if reader.node("stop")?.array != nil {
            let strings = try reader.strings("stop")
            stop = ByStyle(completion: strings, chat: strings)
        } else if var object = try reader.optionalObject("stop") {
            stop.completion = try object.optionalStrings("completion") ?? []
            stop.chat = try object.optionalStrings("chat") ?? []
            try object.finish()
        }
        if stop.completion.contains("") || stop.chat.contains("") {
            throw reader.wrong("stop", "free of empty strings")
        }
        return stop
    }

    private static func extraction(_ reader: inout ObjectReader, kind: ProblemKind) throws(EvaluationError)
        -> ByStyle<String>
    {
        var rules = ByStyle(completion: "stop-strings", chat: kind.runsPrograms ? "fenced-block" : "none")
        guard var object = try reader.optionalObject("extraction") else { return rules }
        rules.completion = try object.optionalString("completion") ?? rules.completion
        rules.chat = try object.optionalString("chat") ?? rules.chat
        for (key, rule) in [("completion", rules.completion), ("chat", rules.chat)]
        where ExtractionRules.named(rule) == nil {
            throw object.wrong(
                key, "one of \(ExtractionRules.names.joined(separator: ", ")), not \"\(rule.printable())\"")
        }
        try object.finish()
        return rules
    }

    private static func skip(_ reader: inout ObjectReader) throws(EvaluationError) -> [String: String] {
        guard var object = try reader.optionalObject("skip") else { return [:] }
        var skip: [String: String] = [:]
        for id in object.keys { skip[id] = try object.string(id) }
        return skip
    }
}

extension PromptTemplates {
    fileprivate static func read(_ object: inout ObjectReader) throws(EvaluationError) -> PromptTemplates {
        PromptTemplates(
            completion: try object.optionalString("completion"), system: try object.optionalString("system"),
            chat: try object.optionalString("chat"), chatPrefill: try object.optionalString("chat_prefill"))
    }
}
