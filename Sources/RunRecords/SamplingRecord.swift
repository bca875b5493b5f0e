/// How the answers of a run were drawn.
package struct SamplingRecord: Codable, Sendable, Equatable {
    package var temperature: Double
    @Nullable package var topK: Int?
    @Nullable package var topP: Double?
    package var seed: UInt64
    /// Of each problem.
    package var samples: Int

    package init(temperature: Double, topK: Int? = nil, topP: Double? = nil, seed: UInt64 = 0, samples: Int = 1) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.seed = seed
        self.samples = samples
    }

    /// `temperature 0.8, top-k 40, top-p 0.95, seed 7, 20 samples`: what `settings.decoding` says.
    package var words: String {
        let parts = [
            "temperature \(temperature)", topK.map { "top-k \($0)" }, topP.map { "top-p \($0)" }, "seed \(seed)",
            "\(samples) sample\(samples == 1 ? "" : "s")",
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
