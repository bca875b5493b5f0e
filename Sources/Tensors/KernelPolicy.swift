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
    /// `auto`: only where the native kernels are none for wide registers. With AVX2 and AVX-512 they are the faster ones in every
    /// dtype (`Benchmarks/`), and OpenBLAS needs half precision converted first.
    func usesOpenBLAS(_ dtype: DType, _ instructionSet: InstructionSet) -> Bool {
        switch self {
        case .openblas: true
        case .native: false
        case .auto:
            switch instructionSet {
            case .avx2, .avx512, .avx512bf16: false
            case .neonbf16: dtype != .bf16
            case .portable, .neon: true
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
