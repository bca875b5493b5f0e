import Foundation

/// A problem ready to be put to a model, with what is needed to judge the answer.
package struct EvaluationTask: Sendable, Equatable {
    package var problem: Problem
    package var prompt: PromptText
    package var maxNewTokens: Int
    package var stop: [String]
    /// Name of the extraction rule.
    package var extraction: String

    /// What the extraction rule may look at, for one generated text.
    package func extractionInput(_ completion: String) -> ExtractionInput {
        var input = ExtractionInput(completion: completion, stop: stop)
        switch prompt {
        case .text(let text): input.prompt = text
        case .chat(let system, let user, let prefill):
            input.prompt = (system.map { $0 + "\n" } ?? "") + user
            input.prefill = prefill
        }
        if case .pythonTests(let python) = problem.content {
            input.prefix = python.prefix
            input.entryPoint = python.entryPoint
        }
        return input
    }
}

/// The words put to the model.
package enum PromptText: Sendable, Equatable {
    case text(String)
    case chat(system: String?, user: String, prefill: String)
}

/// Builds prompts from a data set's templates.
package struct PromptBuilder: Sendable {
    private let declaration: DatasetDeclaration
    private let templates: PromptTemplates
    private let language: String
    private let file: String
    /// Solved examples, rendered; empty for zero-shot.
    private let examples: String
    private let yuanPrompts: YuanPrompts?
    package let mode: ResolvedPromptMode
    /// Number of solved examples before each prompt.
    package let shots: Int

    /// - Parameters:
    ///   - language: language of the prompts; nil takes the set's own.
    ///   - yuanPrompts: the Chinese HumanEval prompts, needed by mode `yuan`.
    /// - Throws: `EvaluationError` if the set has no prompts in the language or a template names an unknown field.
    package init(
        dataset: Dataset, mode: ResolvedPromptMode, language: String? = nil, yuanPrompts: YuanPrompts? = nil
    ) throws(EvaluationError) {
        declaration = dataset.declaration
        file = dataset.problemsFile
        self.mode = mode
        self.language = language ?? declaration.language
        self.yuanPrompts = yuanPrompts
        var templates = declaration.prompt.templates
        if let own = declaration.prompt.languages[self.language] {
            templates.completion = own.completion ?? templates.completion
            templates.system = own.system ?? templates.system
            templates.chat = own.chat ?? templates.chat
            templates.chatPrefill = own.chatPrefill ?? templates.chatPrefill
        }
        self.templates = templates
        guard dataset.languages.contains(self.language) else {
            throw EvaluationError(
                .badInput,
                "\(dataset.declaration.name): no prompts in language \"\(self.language.printable())\"; use --language "
                    + dataset.languages.sorted().joined(separator: " or "))
        }
        if mode == .yuan, yuanPrompts == nil {
            throw EvaluationError(
                .unavailable,
                "--prompt yuan needs HumanEval-textprompts.jsonl of the Yuan2.0 repository; fetch it with "
                    + "`yuanbench dataset pull yuan-prompts`")
        }
        if mode == .style(.completion), let fewShot = declaration.prompt.fewShot {
            var examples = ""
            for example in dataset.examples {
                examples += try Self.render(
                    fewShot.example, of: example, language: self.language, file: dataset.problemsFile)
            }
            self.examples = examples
            shots = dataset.examples.count
        } else {
            examples = ""
            shots = 0
        }
    }

    /// The task for one problem.
    /// - Parameter maxNewTokens: replaces the set's own limit.
    package func task(for problem: Problem, maxNewTokens: Int? = nil) throws(EvaluationError) -> EvaluationTask {
        guard case .style(let style) = mode else { return try yuanTask(for: problem, maxNewTokens: maxNewTokens) }
        let prompt: PromptText
        switch style {
        case .completion:
            prompt = .text(examples + (try render(templates.completion ?? "{prompt}", problem)))
        case .chat:
            var system: String?
            if let template = templates.system { system = try render(template, problem) }
            prompt = .chat(
                system: system, user: try render(templates.chat ?? "{prompt}", problem),
                prefill: try render(templates.chatPrefill ?? "", problem))
        }
        return EvaluationTask(
            problem: problem, prompt: prompt, maxNewTokens: maxNewTokens ?? declaration.maxNewTokens,
            stop: (style == .completion ? problem.stop : nil) ?? declaration.stop[style],
            extraction: declaration.extraction[style])
    }

    /// Yuan's protocol: Chinese prompt as bare text, at most 511 new tokens, ended by the closing fence; the answer is
    /// post-processed together with the prompt.
    private func yuanTask(for problem: Problem, maxNewTokens: Int?) throws(EvaluationError) -> EvaluationTask {
        guard let prompt = yuanPrompts?.prompts[problem.id] else {
            throw EvaluationError(
                .badInput,
                "\(yuanPrompts?.file ?? "prompts"): no prompt for problem \(problem.id) of \(declaration.name); --prompt yuan "
                    + "works with HumanEval only, take another --prompt")
        }
        return EvaluationTask(
            problem: problem, prompt: .text(prompt), maxNewTokens: maxNewTokens ?? 511, stop: ["```"],
            extraction: "yuan-humaneval")
    }

    private func render(_ template: String, _ problem: Problem) throws(EvaluationError) -> String {
        try Self.render(template, of: problem, language: language, file: file)
    }

    private static func render(_ template: String, of problem: Problem, language: String, file: String)
        throws(EvaluationError) -> String
    {
        do {
            return try Template(template).render { problem.field($0, language: language) }
        } catch {
            throw FilePlace(file: file, line: problem.line).error(
                "a prompt template names {\(error.name)}, which problem \(problem.id) does not have; use one of: "
                    + (problem.fields.keys + ["prompt_trimmed"]).sorted().joined(separator: ", "))
        }
    }
}

extension Problem {
    /// The value of a template's field in a language.
    func field(_ name: String, language: String) -> String? {
        if name == "prompt_trimmed" {
            return field("prompt", language: language)?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return fields["\(name)_\(language)"] ?? fields[name]
    }
}
