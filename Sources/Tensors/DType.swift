import CKernels

/// The arithmetic type of a run.
///
/// Weights, activations between operators, KV cache and logits are values of this type; sums accumulate in fp32.
package enum DType: String, CaseIterable, Codable, Sendable {
    case fp32, bf16, fp16

    /// Bytes of one stored value.
    package var byteCount: Int { self == .fp32 ? 4 : 2 }

    var kernelType: yb_dtype {
        switch self {
        case .fp32: YB_FP32
        case .bf16: YB_BF16
        case .fp16: YB_FP16
        }
    }

    /// `values` rounded to this type: nearest even, fp16 overflow to infinity, NaN stays NaN.
    package func rounded(_ values: [Float]) -> [Float] {
        var result = values
        result.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            yb_round(yb_isa_detect(), kernelType, base, base, buffer.count)
        }
        return result
    }

    package func rounded(_ value: Float) -> Float {
        var result = value
        withUnsafeMutablePointer(to: &result) { yb_round(YB_BASELINE, kernelType, $0, $0, 1) }
        return result
    }
}
