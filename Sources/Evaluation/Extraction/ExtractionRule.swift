/// What an extraction rule may look at.
package struct ExtractionInput: Sendable, Equatable {
    /// The generated text as it came.
    package var completion: String
    /// The rendered prompt, for rules that judge prompt and answer as one text.
    package var prompt: String
    /// Text the answer was opened with (chat style).
    package var prefill: String
    /// What makes a bare body a program; empty where answers are whole programs.
    package var prefix: String
    package var entryPoint: String?
    package var stop: [String]

    package init(
        completion: String, prompt: String = "", prefill: String = "", prefix: String = "", entryPoint: String? = nil,
        stop: [String] = []
    ) {
        self.completion = completion
        self.prompt = prompt
        self.prefill = prefill
        self.prefix = prefix
        self.entryPoint = entryPoint
        self.stop = stop
    }
}

/// Turns generated text into what is scored: a whole program, or the text in which the answer is looked for.
package protocol ExtractionRule: Sendable {
    func extract(_ input: ExtractionInput) -> String
}

/// The table of extraction rules; a new rule is a file and a line here.
package enum ExtractionRules {
    private static let table: [String: any ExtractionRule] = [
        "none": VerbatimRule(),
        "stop-strings": StopStringsRule(),
        "fenced-block": FencedBlockRule(),
        "yuan-humaneval": YuanHumanEvalRule(),
    ]

    package static var names: [String] { table.keys.sorted() }

    package static func named(_ name: String) -> (any ExtractionRule)? { table[name] }
}

/// The text as it is.
struct VerbatimRule: ExtractionRule {
    func extract(_ input: ExtractionInput) -> String { input.prefix + input.completion }
}

/// The text up to the earliest of the stop strings.
struct StopStringsRule: ExtractionRule {
    func extract(_ input: ExtractionInput) -> String {
        let ends = input.stop.compactMap { input.completion.firstScalarRange(of: $0)?.lowerBound }
        let end = ends.min() ?? input.completion.endIndex
        return input.prefix + input.completion[..<end]
    }
}

extension StringProtocol {
    /// Where `needle` first occurs, compared scalar by scalar, so that "\n" is found inside "\r\n" and next to accents.
    func firstScalarRange(of needle: String) -> Range<String.Index>? {
        unicodeScalars.firstRange(of: needle.unicodeScalars)
    }
}
