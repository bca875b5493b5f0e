/// How tokens are drawn from the model's distribution: logits divided by `temperature`, cut to the `topK` highest, then to
/// the smallest set whose probability reaches `topP` (Holtzman et al. 2019, arXiv:1904.09751), and one drawn from the rest.
///
/// Draws are counted, not a stream: the number at a position depends on `seed`, `problem`, `sample` and that position alone,
/// so a sample is the same at any batch size and in any company.
package struct Sampling: Codable, Sendable, Equatable {
    /// Above 0.
    package var temperature: Double
    /// nil: every token.
    package var topK: Int?
    /// Above 0, at most 1; nil: 1.
    package var topP: Double?
    package var seed: UInt64
    /// The problem, or whatever else tells requests apart.
    package var problem: String
    /// Index among the samples of the same problem.
    package var sample: Int

    package init(
        temperature: Double, topK: Int? = nil, topP: Double? = nil, seed: UInt64 = 0, problem: String = "",
        sample: Int = 0
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.seed = seed
        self.problem = problem
        self.sample = sample
    }
}
