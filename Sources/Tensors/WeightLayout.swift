import CKernels

/// How bf16 weights lie in memory. The numbers are the same, bit by bit, and so is every result.
package enum WeightLayout: String, CaseIterable, Sendable {
    /// Compact where a step is expected to have few rows, and kernels can.
    case auto
    /// 16 bits a weight.
    case plain
    /// 12 bits a weight (`compact.h`): where memory bounds the speed a third faster, elsewhere slower. Matrices that lose by
    /// it, and those of other dtypes, are plain.
    case compact

    /// Rows of a step up to which compact weights are the faster ones: a fixed table, measured (`Benchmarks/`).
    private static let fewRows = 2

    /// Whether this processor's kernels multiply compact weights.
    package static var isCompactAvailable: Bool { yb_can_compact(yb_isa_detect(), YB_BF16, 0) != 0 }

    /// Whether matrices are to be packed compactly for steps of `rows` rows.
    package func isCompact(rows: Int) -> Bool { self == .compact || self == .auto && rows <= Self.fewRows }
}
