import CKernels

/// The instruction sets for which there are kernels.
package enum InstructionSet: Int, CaseIterable, Sendable {
    case portable, neon, neonbf16, avx2, avx512, avx512bf16

    /// The best this processor and its operating system support.
    package static var detected: InstructionSet { InstructionSet(rawValue: Int(yb_isa_detect().rawValue)) ?? .portable }

    /// Those whose kernels can run here.
    package static var available: [InstructionSet] { allCases.filter { yb_isa_available($0.kernelISA) != 0 } }

    /// As reports show it, for example `avx512-bf16`.
    package var name: String { String(cString: yb_isa_name(kernelISA)) }

    /// The processor features its kernels use, by their names in `/proc/cpuinfo`.
    package var features: [String] {
        let avx2 = ["avx2", "fma", "f16c"]
        let avx512 = avx2 + ["avx512f", "avx512dq", "avx512bw", "avx512vl"]
        return switch self {
        case .portable: []
        case .neon: ["asimd"]
        case .neonbf16: ["asimd", "bf16"]
        case .avx2: avx2
        case .avx512: avx512
        case .avx512bf16: avx512 + ["avx512_bf16"]
        }
    }

    /// Whether its kernels multiply weights in 12 bits (`WeightLayout.compact`).
    package var multipliesCompactWeights: Bool { yb_can_compact(kernelISA, 0) != 0 }

    var kernelISA: yb_isa { yb_isa(rawValue: UInt32(rawValue)) }
}
