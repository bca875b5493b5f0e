import Crypto
import RunRecords

/// A request about one problem set with nothing left open: which problems, put in which words.
package struct EvaluationPlan: Sendable {
    package let dataset: Dataset
    package let mode: ResolvedPromptMode
    package let language: String
    /// Solved examples before each prompt.
    package let shots: Int
    /// One task a problem, in the data set's order.
    package internal(set) var tasks: [EvaluationTask]
    /// Which part of the selection `tasks` are; nil for all of it.
    package internal(set) var shard: ShardRecord?
    /// How answers are drawn, and how many of each problem; nil decodes greedily, one answer a problem.
    package let sampling: SamplingRecord?

    /// - Parameters:
    ///   - ids: only these problems; nil for all.
    ///   - limit: at most so many, from the start.
    ///   - maxNewTokens: replaces the set's own limit.
    ///   - extraction: replaces the set's own extraction rule.
    /// - Throws: `EvaluationError` for an unknown id, language, rule or template field, or a selection without problems.
    package init(
        dataset: Dataset, mode: ResolvedPromptMode, language: String? = nil, ids: [String]? = nil, limit: Int? = nil,
        maxNewTokens: Int? = nil, extraction: String? = nil, yuanPrompts: YuanPrompts? = nil,
        sampling: SamplingRecord? = nil
    ) throws(EvaluationError) {
        let builder = try PromptBuilder(dataset: dataset, mode: mode, language: language, yuanPrompts: yuanPrompts)
        if let extraction, ExtractionRules.named(extraction) == nil {
            throw EvaluationError(
                .badInput,
                "no extraction rule \"\(extraction.printable())\"; use one of \(ExtractionRules.names.joined(separator: ", "))"
            )
        }
        let selected = try dataset.selection(ids: ids, limit: limit)
        if selected.isEmpty {
            throw EvaluationError(
                .badInput, "data set \(dataset.declaration.name): no problem selected; raise --limit or name --ids")
        }
        var tasks: [EvaluationTask] = []
        for problem in selected {
            var task = try builder.task(for: problem, maxNewTokens: maxNewTokens)
            if let extraction { task.extraction = extraction }
            tasks.append(task)
        }
        self.dataset = dataset
        self.mode = mode
        self.language = language ?? dataset.declaration.language
        self.tasks = tasks
        self.sampling = sampling
        shots = builder.shots
    }

    package var datasetRecord: DatasetRecord { dataset.record(for: tasks.map(\.problem)) }
    package var metric: String { Scorers.table[dataset.declaration.scorer.name]?.metric ?? "pass@1" }
    package var maxNewTokens: Int { tasks.map(\.maxNewTokens).max() ?? 0 }
    package var stop: [String] { tasks.first?.stop ?? [] }
    package var extraction: String { tasks.first?.extraction ?? "none" }

    /// What a resume has to match.
    /// - Parameters:
    ///   - key: name of the run inside its directory.
    ///   - extra: what the plan does not know, such as "dtype", "model_sha256" and "kernels".
    package func identity(key: String, extra: [String: String]) -> RunIdentity {
        let declaration = dataset.declaration
        var settings = extra
        settings["dataset"] = declaration.name
        settings["dataset_version"] = declaration.version
        settings["dataset_sha256"] = datasetRecord.sha256
        settings["prompt"] = mode.name
        settings["language"] = language
        settings["shots"] = String(shots)
        settings["prompts_sha256"] = promptsSha256
        settings["max_new_tokens"] = String(maxNewTokens)
        settings["stop"] = stop.map { "\"\($0.printable())\"" }.joined(separator: ", ")
        settings["extraction"] = extraction
        settings["scorer"] = "\(declaration.scorer)"
        settings["skip"] = declaration.skip.keys.sorted().joined(separator: ", ")
        if let sampling { settings["decoding"] = sampling.words }
        if let shard {
            settings["shard"] = shard.name
            settings["undivided_sha256"] = shard.sha256
        }
        return RunIdentity(key: key, settings: settings)
    }

    /// SHA-256 over every prompt as it is put to the model.
    package var promptsSha256: String {
        var sha = SHA256()
        func add(_ text: String) { sha.update(data: Array("\(text.utf8.count):\(text)".utf8)) }
        for task in tasks {
            switch task.prompt {
            case .text(let text):
                add("text")
                add(text)
            case .chat(let system, let user, let prefill):
                add(system == nil ? "chat" : "chat with system")
                add(system ?? "")
                add(user)
                add(prefill)
            }
        }
        return hexadecimal(sha.finalize())
    }
}
