/// The arithmetic type of a run.
///
/// Weights, activations between operators, KV cache and logits are values of this type; sums accumulate in fp32.
package enum DType: String, CaseIterable, Codable, Sendable {
    case fp32, bf16, fp16

    /// Bytes of one stored value.
    package var byteCount: Int { self == .fp32 ? 4 : 2 }
}
