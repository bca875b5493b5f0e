/// What `dataset.json` says about a problem set; `Datasets/README.md` documents every key.
package struct DatasetDeclaration: Sendable, Equatable {
    package var name: String
    package var version: String
    package var description: String
    package var licence: String
    package var kind: ProblemKind
    package var format: ProblemFormat
    package var source: DatasetSource
    /// Language of the prompts when none is asked for, such as "en".
    package var language: String
    package var prompt: PromptDeclaration
    /// Upper bound of new tokens for one problem.
    package var maxNewTokens: Int
    /// Stop strings by prompt style.
    package var stop: ByStyle<[String]>
    /// Name of the extraction rule by prompt style.
    package var extraction: ByStyle<String>
    package var scorer: ScorerDeclaration
    /// Problems that are not run, with the reason (`id` to sentence).
    package var skip: [String: String]
}

/// What makes an answer right.
package enum ProblemKind: String, Sendable, CaseIterable {
    case pythonTests = "python-tests"
    case programOutput = "program-output"
    case exactMatch = "exact-match"

    /// Whether answers are programs that are run, and not texts that are compared.
    package var runsPrograms: Bool { self != .exactMatch }
}

/// Shapes of a row of the problem file.
package enum ProblemFormat: String, Sendable, CaseIterable {
    case native, humaneval, mbpp, gsm8k
    case multiplE = "multipl-e"
    case cruxevalOutput = "cruxeval-output"
}

/// Where the problems lie.
package struct DatasetSource: Sendable, Equatable {
    /// Plain file name, looked for in the data set's folder and then in the cache.
    package var file: String
    /// Inclusive range of the rows' numeric ids that belong to the set; nil for all.
    package var idRange: ClosedRange<Int>?
    /// A sentence that says how to get the file, for sets that ship without it.
    package var obtain: String?
}

/// The two ways to put a problem to a model.
package enum PromptStyle: String, Sendable, CaseIterable {
    case completion, chat
}

/// One value for each prompt style.
package struct ByStyle<Value: Sendable & Equatable>: Sendable, Equatable {
    package var completion: Value
    package var chat: Value

    package subscript(style: PromptStyle) -> Value {
        switch style {
        case .completion: completion
        case .chat: chat
        }
    }
}

/// Templates: text in which `{field}` stands for a field of the problem.
package struct PromptDeclaration: Sendable, Equatable {
    /// The style `--prompt auto` takes; nil leaves it to the model.
    package var style: PromptStyle?
    package var templates: PromptTemplates
    /// Templates that replace the others for a language.
    package var languages: [String: PromptTemplates]
    package var fewShot: FewShotDeclaration?
}

package struct PromptTemplates: Sendable, Equatable {
    package var completion: String?
    package var system: String?
    package var chat: String?
    /// Opens the assistant's answer in chat style.
    package var chatPrefill: String?
}

/// Solved examples put before a completion-style prompt.
package struct FewShotDeclaration: Sendable, Equatable {
    package var count: Int
    /// Ids of the examples, in order; empty takes the first `count` rows.
    package var ids: [String]
    /// File of the examples, in the set's own format; nil takes them from the problem file itself.
    package var file: String?
    /// Template of one example.
    package var example: String
}

package struct ScorerDeclaration: Sendable, Equatable {
    /// Name in the table of scorers; the kind's own unless given.
    package var name: String
    /// Ways to find the answer in the text; the first decides the verdict, all are reported.
    package var answers: [AnswerRule]
    /// Applied in order to the answer and to the reference before they are compared.
    package var normalise: [NormalisationRule]
    package var limits: LimitsDeclaration
}

/// One named way to find the answer in a text.
package struct AnswerRule: Sendable, Equatable {
    package enum Method: Sendable, Equatable {
        case whole, firstLine, lastLine, lastNumber
        /// The first non-empty group (or else the whole) of the first or last match.
        case pattern(String, last: Bool)
    }
    package var name: String
    package var method: Method
}

/// Limits of a test run that differ from the box's own; nil leaves them.
package struct LimitsDeclaration: Sendable, Equatable {
    package var cpuSeconds: Double?
    package var wallMarginSeconds: Double?
    package var memoryBytes: Int?
    package var processes: Int?
    package var workDirectoryBytes: Int?
    package var outputBytes: Int?
}
