import ForeignText
import Foundation

/// Metadata of a GGUF file to a checked `ModelConfiguration`.
struct GGUFConfiguration {
    let metadata: GGUFMetadata
    let architecture: String

    static let architectures = ["llama", "qwen2"]

    /// Throws when the architecture is missing, not text or unknown, or when any known key is out of its range.
    init(_ metadata: GGUFMetadata) throws {
        let key = "general.architecture"
        guard let name = try metadata.string(key) else { throw metadata.fault(key, "is missing") }
        guard Self.architectures.contains(name) else {
            throw CheckpointError(
                "architecture \(Escaping.quoted(name)) is unknown or not supported", file: metadata.file.name,
                place: key,
                expected: Self.architectures.joined(separator: " or "), mend: "use a model of these kinds")
        }
        self.metadata = metadata
        architecture = name
        _ = try hiddenSize()
        _ = try layerCount()
        _ = try heads()
        _ = try kvHeads()
        _ = try headDim()
        _ = try intermediateSize()
        _ = try positions()
        _ = try integer("vocab_size", ConfigurationBounds.vocabulary)
    }

    private func key(_ suffix: String) -> String { "\(architecture).\(suffix)" }

    private func integer(_ suffix: String, _ range: ClosedRange<Int>) throws -> Int? {
        try metadata.integer(key(suffix), in: range)
    }

    private func hiddenSize() throws -> Int? { try integer("embedding_length", ConfigurationBounds.hidden) }
    private func layerCount() throws -> Int? { try integer("block_count", ConfigurationBounds.layers) }
    private func heads() throws -> Int? { try integer("attention.head_count", ConfigurationBounds.heads) }
    private func kvHeads() throws -> Int? { try integer("attention.head_count_kv", ConfigurationBounds.heads) }
    private func headDim() throws -> Int? { try integer("attention.key_length", ConfigurationBounds.headDim) }
    private func intermediateSize() throws -> Int? {
        try integer("feed_forward_length", ConfigurationBounds.intermediate)
    }
    private func positions() throws -> Int? { try integer("context_length", ConfigurationBounds.positions) }

    private func required<Value>(_ value: Value?, _ suffix: String) throws -> Value {
        guard let value else { throw metadata.fault(key(suffix), "is missing") }
        return value
    }

    /// Whether the file describes a whole model and not only a part of its tensors.
    var describesModel: Bool { metadata[key("embedding_length")] != nil }

    /// `rows`: rows of the embedding, which count more than any key. `ropeFactors`: what `rope_freqs.weight` holds.
    func configuration(
        rows: Int, hasOutput: Bool, ropeFactors: [Float]?, tokenizer: GGUFTokenizerMetadata?
    ) throws -> ModelConfiguration {
        let hidden = try required(hiddenSize(), "embedding_length")
        let heads = try required(heads(), "attention.head_count")
        guard try headDim() != nil || hidden.isMultiple(of: heads) else {
            throw metadata.fault(
                key("embedding_length"), "is not a multiple of \(key("attention.head_count"))",
                found: "\(hidden) and \(heads)")
        }
        let headDim = try headDim() ?? hidden / heads
        for suffix in ["attention.value_length", "rope.dimension_count"] {
            if let other = try integer(suffix, ConfigurationBounds.headDim), other != headDim {
                throw metadata.fault(key(suffix), "must equal the head size \(headDim)", found: "\(other)")
            }
        }
        guard ConfigurationBounds.vocabulary.contains(rows) else {
            throw CheckpointError(
                "token_embd.weight: row count out of range", file: metadata.file.name, found: "\(rows)")
        }
        if let tokenizer, tokenizer.tokens.count > rows {
            throw CheckpointError(
                "the tokenizer doesn't fit the model", file: metadata.file.name, place: "tokenizer.ggml.tokens",
                expected: "at most \(rows) tokens, the rows of the embedding", found: "\(tokenizer.tokens.count)")
        }
        return try ModelConfiguration(
            architecture: architecture,
            hiddenSize: hidden,
            layerCount: required(layerCount(), "block_count"),
            headCount: heads,
            kvHeadCount: kvHeads() ?? heads,
            headDim: headDim,
            intermediateSize: required(intermediateSize(), "feed_forward_length"),
            vocabularySize: rows,
            maxPositions: required(positions(), "context_length"),
            rmsNormEpsilon: required(
                metadata.double(key("attention.layer_norm_rms_epsilon"), in: 1e-12...1e-1),
                "attention.layer_norm_rms_epsilon"),
            ropeTheta: metadata.double(key("rope.freq_base"), in: 1...1e15) ?? 10000,
            ropeScaling: ropeScaling(ropeFactors, headDim: headDim),
            tieWordEmbeddings: !hasOutput,
            torchDtype: nil,
            eosTokenIDs: Set([tokenizer?.eosTokenID, tokenizer?.eotTokenID].compactMap { $0 }).sorted(),
            bosTokenID: tokenizer?.bosTokenID,
            padTokenID: tokenizer?.padTokenID
        ).crossChecked(file: metadata.file.name)
    }

    private func ropeScaling(_ factors: [Float]?, headDim: Int) throws -> RopeScaling? {
        let typeKey = key("rope.scaling.type")
        if let type = try metadata.string(typeKey), type != "none" {
            throw metadata.fault(typeKey, "\(Escaping.quoted(type)) is not supported")
        }
        if let factor = try metadata.double(key("rope.scale_linear"), in: 0...1e9), factor != 0, factor != 1 {
            throw metadata.fault(key("rope.scale_linear"), "is not supported", found: "\(factor)")
        }
        guard let factors, let largest = factors.max(), factors.contains(where: { $0 != 1 }) else { return nil }
        // The converter keeps only the factors that Llama 3's rule gives each frequency; its largest is the rule's
        // factor, and the other parameters are the same in all Llama 3 models. Verified, not believed:
        let scaling = RopeScaling(
            factor: Double(largest), lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositions: 8192)
        let theta = try metadata.double(key("rope.freq_base"), in: 1...1e15) ?? 10000
        let expected = scaling.frequencyFactors(count: factors.count, theta: theta)
        guard factors.count == headDim / 2, zip(factors, expected).allSatisfy({ abs(Double($0) - $1) <= 1e-3 * $1 })
        else {
            throw CheckpointError(
                "rope_freqs.weight is not Llama 3's frequency scaling", file: metadata.file.name,
                expected: "the factors of that rule", mend: "use a model without other rope scaling")
        }
        return scaling
    }
}

extension RopeScaling {
    /// What each of the `count` (half a head) rotary frequencies is divided by, the fastest first: 1 for wavelengths below
    /// `originalMaxPositions / highFrequencyFactor`, `factor` above `originalMaxPositions / lowFrequencyFactor`, and
    /// blended between (Llama 3.1's rule).
    package func frequencyFactors(count: Int, theta: Double) -> [Double] {
        (0..<count).map { index in
            let wavelength = 2 * Double.pi * pow(theta, Double(index) / Double(count))
            let ratio = Double(originalMaxPositions) / wavelength
            if ratio > highFrequencyFactor { return 1 }
            if ratio < lowFrequencyFactor { return factor }
            let smooth = (ratio - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
            return 1 / ((1 - smooth) / factor + smooth)
        }
    }
}
