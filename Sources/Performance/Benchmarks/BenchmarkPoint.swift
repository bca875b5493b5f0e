/// One point of a benchmark's grid.
package struct BenchmarkPoint: Sendable, Equatable {
    /// Of each sequence.
    package var promptTokens: Int
    /// Of each sequence, the one that its prefill gives included.
    package var generatedTokens: Int
    /// Sequences side by side.
    package var batchSize: Int

    package init(promptTokens: Int, generatedTokens: Int, batchSize: Int) {
        self.promptTokens = promptTokens
        self.generatedTokens = generatedTokens
        self.batchSize = batchSize
    }

    /// Positions that the key-value cache has to hold in the end.
    package var positions: Int { batchSize * (promptTokens + generatedTokens) }

    /// Every combination, those that need little memory first: memory that the allocator keeps from one point is then
    /// never more than the next one needs anyway.
    package static func grid(promptTokens: [Int], generatedTokens: [Int], batchSizes: [Int]) -> [BenchmarkPoint] {
        promptTokens.flatMap { prompt in
            generatedTokens.flatMap { generated in
                batchSizes.map { BenchmarkPoint(promptTokens: prompt, generatedTokens: generated, batchSize: $0) }
            }
        }.sorted { ($0.positions, $0.batchSize) < ($1.positions, $1.batchSize) }
    }

    /// Token ids of a sequence's prompt, below `vocabulary`: the same whenever and wherever it is asked for, and different
    /// from every other sequence's (splitmix64).
    package func prompt(ofSequence index: Int, vocabulary: Int) -> [Int] {
        var state = UInt64(truncatingIfNeeded: index &* 1_000_003 &+ promptTokens)
        return (0..<promptTokens).map { _ in
            state &+= 0x9e37_79b9_7f4a_7c15
            var x = state
            x = (x ^ x >> 30) &* 0xbf58_476d_1ce4_e5b9
            x = (x ^ x >> 27) &* 0x94d0_49bb_1331_11eb
            return Int((x ^ x >> 31) % UInt64(max(1, vocabulary)))
        }
    }
}
