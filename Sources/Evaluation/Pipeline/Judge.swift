import Crypto
import Execution
import Generation
import RunRecords

/// Turns one answer into its record: extraction, scoring, and the facts of its generation.
package struct Judge: Sendable {
    private let scorer: any Scorer
    private let skip: [String: String]

    /// - Throws: `EvaluationError` if the declaration names a scorer that does not exist.
    package init(declaration: DatasetDeclaration, runner: any TestRunner) throws(EvaluationError) {
        guard let entry = Scorers.table[declaration.scorer.name] else {
            throw EvaluationError(
                .badInput,
                "data set \(declaration.name): no scorer \"\(declaration.scorer.name.printable())\"; correct dataset.json"
            )
        }
        scorer = entry.make(declaration.scorer, runner)
        skip = declaration.skip
    }

    /// The record of a problem that is not run; nil if it is.
    func skipped(_ problem: Problem, sample: Int = 0) -> ProblemRecord? {
        skip[problem.id].map {
            ProblemRecord(
                id: problem.id, sample: sample, verdict: Verdict.skipped.rawValue, detail: $0, extracted: "",
                completion: "",
                extraction: "none")
        }
    }

    /// Judges one answer.
    /// - Parameters:
    ///   - rule: name of the extraction rule.
    ///   - result: how the answer was generated; nil if it was made elsewhere.
    func record(
        _ input: ExtractionInput, rule: String, problem: Problem, sample: Int = 0, result: GenerationResult? = nil
    ) async -> ProblemRecord {
        guard let extraction = ExtractionRules.named(rule) else {
            return failure(problem, sample: sample, reason: "no extraction rule \"\(rule)\"")
        }
        let extracted = extraction.extract(input)
        let score = await scorer.score(extracted, for: problem)
        var record = ProblemRecord(
            id: problem.id, sample: sample, verdict: score.verdict.rawValue, detail: score.detail, extracted: extracted,
            completion: input.completion, extraction: rule, testCpuS: score.cpuSeconds,
            verdictIntegrity: score.integrity, scores: score.scores)
        if let result {
            record.promptTokens = result.usage?.promptTokens
            record.generatedTokens = result.usage?.generatedTokens
            record.finishReason = result.finishReason.rawValue
            if let tokens = result.knownTokens {
                record.tokens = tokens
                record.tokensSha256 = Self.sha256(ofTokens: tokens)
            }
            record.ttftS = result.timing.timeToFirstToken
            record.generationS = result.timing.interToken.reduce(result.timing.timeToFirstToken, +)
        }
        return record
    }

    /// The record of a problem that the harness could not get an answer for.
    func failure(_ problem: Problem, sample: Int = 0, reason: String) -> ProblemRecord {
        ProblemRecord(
            id: problem.id, sample: sample, verdict: Verdict.infrastructure.rawValue, detail: reason, extracted: "",
            completion: "", extraction: "none")
    }

    func reference(_ problem: Problem) async -> Score { await scorer.scoreReference(of: problem) }

    /// SHA-256 over token ids, each as a little-endian 32-bit integer; hexadecimal.
    package static func sha256(ofTokens tokens: [Int]) -> String {
        var sha = SHA256()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tokens.count * 4)
        for token in tokens {
            let value = UInt32(truncatingIfNeeded: token)
            bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
        }
        sha.update(data: bytes)
        return hexadecimal(sha.finalize())
    }
}
