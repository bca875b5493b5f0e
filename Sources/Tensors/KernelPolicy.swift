/// Who multiplies the rows of prompts; rows of generated tokens always go through the native kernels.
package enum KernelPolicy: String, CaseIterable, Sendable {
    /// A fixed table by dtype and instruction set, never a timing race.
    case auto
    /// OpenBLAS, on panels converted to fp32 where the dtype needs it.
    case openblas
    /// Never OpenBLAS.
    case native

    /// Whether prompt rows go through OpenBLAS.
    ///
    /// `auto`: fp32 but with AVX-512, where the native kernels are faster (`Benchmarks/`); half precision, whose weights OpenBLAS needs converted first, only where the native kernels
    /// are none for wide registers.
    func usesOpenBLAS(_ dtype: DType, _ instructionSet: InstructionSet) -> Bool {
        switch self {
        case .openblas: true
        case .native: false
        case .auto:
            switch dtype {
            case .fp32: instructionSet != .avx512 && instructionSet != .avx512bf16
            case .bf16: instructionSet == .portable || instructionSet == .neon
            case .fp16: instructionSet == .portable || instructionSet == .neon || instructionSet == .neonbf16
            }
        }
    }
}

/// What a run's arithmetic ran on, for the report.
package struct BackendDescription: Sendable, Equatable {
    /// Name of the instruction set of the native kernels, for example `avx512-bf16`.
    package var isa: String
    package var openblasConfig: String
    package var openblasVersion: String
    package var openblasCore: String
    package var threads: Int
    /// Whether OpenBLAS gave a token the same bits in any company and on any thread, as tested at start-up.
    package var batchInvariant: Bool
    /// The processor features the native kernels use.
    package var cpuFeatures: [String]
    /// `openblas` or `native`: who multiplies prompt rows.
    package var promptProvider: String
}
