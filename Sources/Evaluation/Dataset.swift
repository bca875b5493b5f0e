import Crypto
import Foundation
import RunRecords

/// A problem set, loaded and checked.
package struct Dataset: Sendable, Equatable {
    package var declaration: DatasetDeclaration
    /// The file the problems came from, for errors.
    package var problemsFile: String
    /// All problems of the set, in the file's order.
    package var problems: [Problem]
    /// Solved examples for completion-style prompts; empty for zero-shot.
    package var examples: [Problem]

    /// The set's own language and every other that it is declared in or that every problem is translated to.
    package var languages: Set<String> {
        var languages = Set(declaration.prompt.languages.keys).union([declaration.language])
        for suffix in ["zh"] {
            let translated = problems.allSatisfy { $0.fields["text_\(suffix)"] ?? $0.fields["prompt_\(suffix)"] != nil }
            if translated { languages.insert(suffix) }
        }
        return languages
    }

    /// The problems a request is about, in the file's order.
    /// - Parameters:
    ///   - ids: only these; nil for all.
    ///   - limit: at most so many, from the start.
    /// - Throws: `EvaluationError` naming an id that the set does not have.
    package func selection(ids: [String]? = nil, limit: Int? = nil) throws(EvaluationError) -> [Problem] {
        var chosen = problems
        if let ids {
            let index = ProblemIndex(problems)
            var wanted: Set<String> = []
            for id in ids {
                guard let problem = index.problem(id) else {
                    throw EvaluationError(
                        .badInput,
                        "\(declaration.name): no problem \"\(id.printable())\"; ids look like \"\(problems.first?.id ?? "")\""
                    )
                }
                wanted.insert(problem.id)
            }
            chosen = problems.filter { wanted.contains($0.id) }
        }
        return limit.map { Array(chosen.prefix(max(0, $0))) } ?? chosen
    }

    /// SHA-256 over the digests of the problems' rows, in order; hexadecimal.
    package static func sha256(of problems: [Problem]) -> String {
        var hash = SHA256()
        for problem in problems { hash.update(data: problem.digest) }
        return hexadecimal(hash.finalize())
    }

    /// The report's entry for the problems of one run.
    package func record(for problems: [Problem]) -> DatasetRecord {
        DatasetRecord(
            name: declaration.name, version: declaration.version, problems: problems.count,
            sha256: Self.sha256(of: problems))
    }
}

/// Finds problems by id or by another name.
struct ProblemIndex {
    private var byName: [String: Problem] = [:]

    init(_ problems: [Problem]) {
        for problem in problems {
            for alias in problem.aliases { byName[alias] = problem }
        }
        for problem in problems { byName[problem.id] = problem }
    }

    func problem(_ name: String) -> Problem? { byName[name] }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
