import Foundation

/// A model's chat template: the part of Jinja that published templates use, evaluated within fixed bounds.
///
/// Whitespace control is as transformers sets it (`trim_blocks`, `lstrip_blocks`). Templates see `messages`,
/// `add_generation_prompt`, `tools` and `documents` (both none) and the given variables. `strftime_now` is not there,
/// so templates that ask for it fall back to their fixed date.
package struct ChatTemplate: Sendable {
    package let source: String
    private let nodes: [TemplateNode]

    /// - Throws: `TokenizerError` with the line and name of what is malformed, not allowed or not supported.
    package init(source: String) throws {
        self.source = source
        nodes = try TemplateParser.parse(source)
    }

    /// The conversation as the model's input text.
    ///
    /// - Parameters:
    ///   - addGenerationPrompt: end with the beginning of the assistant's answer.
    ///   - variables: `bos_token`, `eos_token`, `sep_token` …
    /// - Throws: `TokenizerError` when the template refuses the conversation, uses what is not supported, or exceeds
    ///   the limits on steps and output.
    package func render(
        messages: [(role: String, content: String)], addGenerationPrompt: Bool, variables: [String: String]
    ) throws -> String {
        var values: [String: TemplateValue] = ["tools": .none, "documents": .none]
        for (name, value) in variables { values[name] = .string(value) }
        values["messages"] = .list(
            messages.map { .dictionary([("role", .string($0.role)), ("content", .string($0.content))]) })
        values["add_generation_prompt"] = .bool(addGenerationPrompt)
        let size = messages.reduce(0) { $0 + $1.content.utf8.count + $1.role.utf8.count }
        var evaluator = TemplateEvaluator(
            variables: values, steps: 1_000_000 + size, maximumBytes: (4 << 20) + 4 * size)
        return try evaluator.render(nodes)
    }

    /// The template of a model folder: `chat_template.jinja`, or `chat_template` of `tokenizer_config.json` (of several
    /// named ones, "default"); nil where there is none.
    package static func load(folder: URL) throws -> ChatTemplate? {
        let file = folder.appendingPathComponent("chat_template.jinja")
        if FileManager.default.fileExists(atPath: file.path) {
            guard let source = String(validating: try TokenizerFile.bytes(file), as: UTF8.self) else {
                throw TokenizerError("chat_template.jinja: not UTF-8; save it as UTF-8")
            }
            return try ChatTemplate(source: source)
        }
        let name = "tokenizer_config.json"
        guard let json = try TokenizerFile.json(folder.appendingPathComponent(name))?["chat_template"] else {
            return nil
        }
        if let source = json.string { return try ChatTemplate(source: source) }
        guard let list = json.array else {
            throw TokenizerError("\(name): chat_template must be a string or a list of named templates; write it so")
        }
        guard let source = list.first(where: { $0["name"]?.string == "default" })?["template"]?.string else {
            throw TokenizerError("\(name): chat_template has no template named 'default'; add one")
        }
        return try ChatTemplate(source: source)
    }

    /// The special tokens of a model folder by role (`bos_token` …), as templates name them.
    package static func variables(folder: URL) throws -> [String: String] {
        try TokenizerConfiguration(folder: folder).named.mapValues(\.content)
    }
}
