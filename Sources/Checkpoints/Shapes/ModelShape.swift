import ForeignText

/// The dimensions of a known model, for measuring a host without any file: `--model shape:yuan2-2b`.
///
/// The table of shapes is `all`; a new one is a line there.
package struct ModelShape: Sendable {
    package let name: String
    package let configuration: ModelConfiguration

    /// What is written before the name on the command line.
    package static let prefix = "shape:"

    package static let all: [ModelShape] = [
        // Yuan2-2B-Mars and its siblings.
        ModelShape("yuan2-2b", "yuan", hidden: 2048, layers: 24, heads: 32, inner: 8192, vocabulary: 135_040),
        // The llama that peers run in a comparison: Yuan2-2B without its filter, with a head of its own.
        ModelShape(
            "llama-2b", "llama", hidden: 2048, layers: 24, heads: 32, inner: 8192, vocabulary: 135_040, tied: false),
        ModelShape(
            "smollm2-135m", "llama", hidden: 576, layers: 30, heads: 9, kvHeads: 3, inner: 1536, vocabulary: 49152,
            theta: 100_000, epsilon: 1e-5),
        ModelShape(
            "smollm2-360m", "llama", hidden: 960, layers: 32, heads: 15, kvHeads: 5, inner: 2560, vocabulary: 49152,
            theta: 100_000, epsilon: 1e-5),
        ModelShape(
            "smollm2-1.7b", "llama", hidden: 2048, layers: 24, heads: 32, inner: 8192, vocabulary: 49152,
            theta: 130_000, epsilon: 1e-5),
        ModelShape(
            "qwen2.5-0.5b", "qwen2", hidden: 896, layers: 24, heads: 14, kvHeads: 2, inner: 4864, vocabulary: 151_936,
            positions: 32768, theta: 1_000_000),
        ModelShape(
            "qwen2.5-1.5b", "qwen2", hidden: 1536, layers: 28, heads: 12, kvHeads: 2, inner: 8960,
            vocabulary: 151_936, positions: 32768, theta: 1_000_000),
        // Small enough for tests.
        ModelShape(
            "yuan2-tiny", "yuan", hidden: 64, layers: 3, heads: 4, inner: 172, vocabulary: 520, positions: 512),
        ModelShape(
            "llama-tiny", "llama", hidden: 64, layers: 2, heads: 4, kvHeads: 2, inner: 176, vocabulary: 512,
            positions: 512, tied: false),
        ModelShape(
            "qwen2-tiny", "qwen2", hidden: 64, layers: 2, heads: 4, kvHeads: 2, inner: 176, vocabulary: 512,
            positions: 512),
    ]

    /// The shape of a name such as `shape:yuan2-2b`; nil if the name does not begin with `shape:`.
    /// - Throws: `CheckpointError` for a shape that is not in the table.
    package static func named(_ name: String) throws -> ModelShape? {
        guard name.hasPrefix(prefix) else { return nil }
        let wanted = name.dropFirst(prefix.count).lowercased()
        if let shape = all.first(where: { $0.name == wanted }) { return shape }
        throw CheckpointError(
            "unknown shape", file: Escaping.quoted(name),
            expected: all.map { prefix + $0.name }.joined(separator: ", "), mend: "use one of these")
    }

    private init(
        _ name: String, _ architecture: String, hidden: Int, layers: Int, heads: Int, kvHeads: Int? = nil, inner: Int,
        vocabulary: Int, positions: Int = 8192, theta: Double = 10000, epsilon: Double = 1e-6, tied: Bool = true
    ) {
        self.name = name
        var configuration = ModelConfiguration(
            architecture: architecture, hiddenSize: hidden, layerCount: layers, headCount: heads,
            kvHeadCount: kvHeads ?? heads, headDim: hidden / heads, intermediateSize: inner, vocabularySize: vocabulary,
            maxPositions: positions, rmsNormEpsilon: epsilon, ropeTheta: theta, ropeScaling: nil,
            tieWordEmbeddings: tied, torchDtype: "bfloat16", eosTokenIDs: [])
        if architecture == "yuan" {
            // The real ids, or the last ones of a small vocabulary. As published for GPUs: attention is not reset.
            configuration.eodToken = min(77185, vocabulary - 20)
            configuration.sepToken = min(77187, vocabulary - 18)
            configuration.resetPositionIDs = true
            configuration.useFlashAttention = true
            configuration.eosTokenIDs = [min(77185, vocabulary - 20)]
        }
        self.configuration = configuration
    }
}
