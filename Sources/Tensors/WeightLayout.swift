import CKernels

/// How bf16 weights lie in memory. The numbers are the same, bit by bit, and so is every result.
package enum WeightLayout: String, CaseIterable, Sendable {
    /// Compact for one sequence with several threads, where kernels can.
    case auto
    /// 16 bits a weight.
    case plain
    /// 12 bits a weight (`compact.h`): faster where memory bounds the speed, up to a third, and slower elsewhere. Matrices
    /// that lose by it, and those of other dtypes, are plain.
    case compact

    /// Whether this processor's kernels multiply compact weights.
    package static var isCompactAvailable: Bool { yb_can_compact(yb_isa_detect(), YB_BF16, 0) != 0 }

    /// Whether matrices are to be packed compactly for steps of `rows` rows on `threads` threads (nil for one a processor).
    ///
    /// `auto` is fixed and measured (`Benchmarks/`), never a timing race: one core by itself gets more from memory than
    /// it can unpack, several share what there is.
    package func isCompact(rows: Int, threads: Int?) -> Bool {
        switch self {
        case .auto: rows == 1 && threads ?? yb_available_processors() > 1
        case .plain: false
        case .compact: true
        }
    }
}
