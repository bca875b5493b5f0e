import CKernels

/// How weights lie in memory. The numbers are the same, bit by bit, and so is every result.
package enum WeightLayout: String, CaseIterable, Sendable {
    /// Compact for as few sequences as gain by it on this processor.
    case auto
    /// As the dtype has them, 16 or 32 bits a weight.
    case plain
    /// 12 bits a weight (`compact.h`): faster where memory bounds the speed, and slower elsewhere. That holds bf16 numbers, which
    /// the weights of a bf16 checkpoint are in every dtype; matrices of others are plain.
    case compact

    /// Whether matrices are to be packed compactly for steps of `rows` rows on `threads` threads (nil for one a processor).
    package func isCompact(
        rows: Int, threads: Int?, dtype: DType, on instructions: InstructionSet = .detected
    ) -> Bool {
        switch self {
        case .auto:
            rows <= Self.rowsThatGain(on: instructions, dtype, threads: threads ?? yb_available_processors())
        case .plain: false
        case .compact: true
        }
    }

    /// Up to so many rows memory bounds the speed even while weights are unpacked: a fixed table, measured or, for fp16 and fp32
    /// with AVX-512, reckoned from what was (`Benchmarks/`), never a timing race. Where one instruction multiplies two columns
    /// of bf16, unpacking weighs twice as much, and one core by itself gets more from memory than it can unpack. Plain fp32
    /// has 32 bits a weight to read.
    private static func rowsThatGain(on instructions: InstructionSet, _ dtype: DType, threads: Int) -> Int {
        switch (instructions, dtype) {
        case (.avx512bf16, .fp32): 4
        case (.avx512bf16, _): threads > 1 ? 1 : 0
        case (.avx512, .fp32): 12
        case (.avx512, _): 8
        case (.avx2, .fp32): 16
        case (.avx2, _): 4
        case (.portable, _), (.neon, _), (.neonbf16, _): 0
        }
    }
}
