import Foundation

/// The Chinese HumanEval prompts of Yuan2.0's repository (HumanEval-textprompts.jsonl).
package struct YuanPrompts: Sendable, Equatable {
    package var file: String
    /// Prompt by task id.
    package var prompts: [String: String]

    package init(file: String, prompts: [String: String]) {
        self.file = file
        self.prompts = prompts
    }

    /// - Throws: `EvaluationError` naming file and line of the first row that is not `{task_id, prompt}`.
    package static func read(contentsOf url: URL) throws(EvaluationError) -> YuanPrompts {
        let bytes = try FileBytes.readUnpacked(url, limit: 64 << 20)
        var prompts: [String: String] = [:]
        for row in try ProblemFile.lines(bytes, file: url.path) {
            var reader = try ObjectReader(parsing: row.bytes, file: url.path, line: row.line)
            let id = try reader.string("task_id")
            guard prompts.updateValue(try reader.string("prompt"), forKey: id) == nil else {
                throw reader.wrong("task_id", "unique")
            }
        }
        return YuanPrompts(file: url.path, prompts: prompts)
    }
}
