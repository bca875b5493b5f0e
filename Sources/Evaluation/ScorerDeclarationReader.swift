import ForeignText

extension ScorerDeclaration {
    /// Reads the `scorer` key of a declaration; absent parts take the kind's defaults.
    static func read(_ reader: inout ObjectReader, kind: ProblemKind) throws(EvaluationError) -> ScorerDeclaration {
        var scorer = ScorerDeclaration(
            name: kind.rawValue, answers: [AnswerRule(name: "exact", method: .whole)], normalise: [.named(.trim)],
            limits: LimitsDeclaration())
        guard var object = try reader.optionalObject("scorer") else { return scorer }
        scorer.name = try object.optionalString("name") ?? scorer.name
        guard let entry = Scorers.table[scorer.name], entry.kind == kind else {
            let known = Scorers.table.filter { $0.value.kind == kind }.keys.sorted().joined(separator: ", ")
            throw object.wrong("name", "a scorer for kind \"\(kind.rawValue)\": \(known)")
        }
        if let rules = try object.optionalArray("answer") {
            scorer.answers = []
            for rule in rules { scorer.answers.append(try AnswerRule.read(rule, in: object)) }
            let names = scorer.answers.map(\.name)
            guard !names.isEmpty, Set(names).count == names.count else {
                throw object.wrong("answer", "a list of at least one rule with names that differ")
            }
        }
        if let steps = try object.optionalArray("normalise") {
            guard steps.count <= NormalisationRule.largestCount else {
                throw object.wrong("normalise", "a list of at most \(NormalisationRule.largestCount) rules")
            }
            scorer.normalise = []
            for step in steps { scorer.normalise.append(try NormalisationRule.read(step, in: object)) }
        }
        if var limits = try object.optionalObject("limits") {
            let counts = 1...(1 << 40)
            scorer.limits = LimitsDeclaration(
                cpuSeconds: try limits.optionalDouble("cpu_seconds", in: 0.1...3600),
                wallMarginSeconds: try limits.optionalDouble("wall_margin_seconds", in: 0.1...3600),
                memoryBytes: try limits.optionalInt("memory_bytes", in: counts),
                processes: try limits.optionalInt("processes", in: 1...4096),
                workDirectoryBytes: try limits.optionalInt("work_directory_bytes", in: counts),
                // Held in memory, by the box and by us.
                outputBytes: try limits.optionalInt("output_bytes", in: 1...(256 << 20)))
            try limits.finish()
        }
        try object.finish()
        return scorer
    }
}

extension AnswerRule {
    fileprivate static func read(_ node: JSONValue, in parent: ObjectReader) throws(EvaluationError) -> AnswerRule {
        var object = try ObjectReader(node, file: parent.place.file, path: "scorer.answer")
        let name = try object.string("name")
        let pattern = try object.optionalString("pattern")
        let rule = try object.optionalString("rule")
        let take = try object.optionalString("take")
        try object.finish()
        if let pattern {
            guard rule == nil else { throw object.wrong("rule", "left out where \"pattern\" is given") }
            guard RegularExpression.isValid(pattern) else { throw object.wrong("pattern", "a regular expression") }
            guard take == nil || take == "first" || take == "last" else {
                throw object.wrong("take", "\"first\" or \"last\"")
            }
            return AnswerRule(name: name, method: .pattern(pattern, last: take == "last"))
        }
        guard take == nil else { throw object.wrong("take", "left out without \"pattern\"") }
        let methods: [String: Method] = [
            "whole": .whole, "first-line": .firstLine, "last-line": .lastLine, "last-number": .lastNumber,
        ]
        guard let method = methods[rule ?? "whole"] else {
            throw object.wrong("rule", "one of \(methods.keys.sorted().joined(separator: ", "))")
        }
        return AnswerRule(name: name, method: method)
    }
}

extension NormalisationRule {
    /// A dozen spellings are made equal with a dozen rules; each takes its time with every answer.
    fileprivate static let largestCount = 64
    /// Bytes of a replacement, which may be put in at every place of an answer.
    private static let longestReplacement = 64 << 10

    fileprivate static func read(_ node: JSONValue, in parent: ObjectReader) throws(EvaluationError)
        -> NormalisationRule
    {
        if let name = node.string {
            guard let rule = NamedNormalisation(rawValue: name) else {
                let known = NamedNormalisation.allCases.map(\.rawValue).joined(separator: ", ")
                throw FilePlace(file: parent.place.file, line: node.line)
                    .error("\"\(name.printable())\" is no rule of \"scorer.normalise\"; use one of: \(known)")
            }
            return .named(rule)
        }
        var object = try ObjectReader(node, file: parent.place.file, path: "scorer.normalise")
        let pattern = try object.string("replace")
        let with = try object.optionalString("with") ?? ""
        try object.finish()
        guard RegularExpression.isValid(pattern) else { throw object.wrong("replace", "a regular expression") }
        guard with.utf8.count <= longestReplacement else {
            throw object.wrong("with", "a text of at most \(longestReplacement) bytes")
        }
        return .replace(pattern: pattern, with: with)
    }
}
