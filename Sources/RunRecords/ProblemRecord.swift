/// One scored sample: an entry of `problems`, and one line of `results.jsonl`.
package struct ProblemRecord: Codable, Sendable, Equatable {
    package var id: String
    /// Index among the samples of the same problem.
    package var sample: Int
    package var verdict: String
    package var detail: String
    @Nullable package var promptTokens: Int?
    @Nullable package var generatedTokens: Int?
    @Nullable package var finishReason: String?
    /// What the model was asked, before its chat template: system message, question and opened answer, blank lines between.
    @Nullable package var prompt: String?
    /// What was scored: the program text or the answer after extraction.
    package var extracted: String
    /// The generated text as it came.
    package var completion: String
    /// The extraction rule that produced `extracted`.
    package var extraction: String
    /// SHA-256 over the generated token ids, each as a little-endian 32-bit integer.
    @Nullable package var tokensSha256: String?
    @Nullable package var tokens: [Int]?
    @Nullable package var ttftS: Double?
    @Nullable package var generationS: Double?
    /// CPU seconds of the tests.
    @Nullable package var testCpuS: Double?
    /// How the verdict is protected, e.g. "in-process-secret".
    @Nullable package var verdictIntegrity: String?
    /// Further scores of this sample by name, 0 or 1.
    package var scores: [String: Double]

    package init(
        id: String, sample: Int = 0, verdict: String, detail: String, promptTokens: Int? = nil,
        generatedTokens: Int? = nil, finishReason: String? = nil, prompt: String? = nil, extracted: String,
        completion: String,
        extraction: String, tokensSha256: String? = nil, tokens: [Int]? = nil, ttftS: Double? = nil,
        generationS: Double? = nil, testCpuS: Double? = nil, verdictIntegrity: String? = nil,
        scores: [String: Double] = [:]
    ) {
        self.id = id
        self.sample = sample
        self.verdict = verdict
        self.detail = detail
        self.promptTokens = promptTokens
        self.generatedTokens = generatedTokens
        self.finishReason = finishReason
        self.prompt = prompt
        self.extracted = extracted
        self.completion = completion
        self.extraction = extraction
        self.tokensSha256 = tokensSha256
        self.tokens = tokens
        self.ttftS = ttftS
        self.generationS = generationS
        self.testCpuS = testCpuS
        self.verdictIntegrity = verdictIntegrity
        self.scores = scores
    }
}

/// Verdicts that say something about the sample; the others are the harness's own and are never scored.
package enum Verdicts {
    package static let passed = "passed"
    package static let scored: Set<String> = [
        "passed", "failed", "compile_error", "timeout", "oom", "output_limit", "crashed", "exited_early",
        "protocol_error", "forged",
    ]
    package static let unscored: Set<String> = ["sandbox_error", "starved", "infrastructure", "skipped"]
}
