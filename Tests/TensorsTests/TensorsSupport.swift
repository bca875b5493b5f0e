@testable import Tensors

/// Reproducible numbers in −1..<1.
func noise(_ index: Int, seed: Int = 0) -> Float {
    var x = UInt64(truncatingIfNeeded: index &+ seed &* 1_000_003) &+ 0x9E37_79B9_7F4A_7C15
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float((x ^ (x >> 31)) >> 40) / 8_388_608 - 1
}

func activations(rows: Int, width: Int, seed: Int, dtype: DType) -> Activations {
    let result = Activations(width: width, rows: rows)
    for row in 0..<rows {
        result.setRow(row, dtype.rounded((0..<width).map { noise(row * width + $0, seed: seed) }))
    }
    return result
}

func matrix(rows: Int, columns: Int, seed: Int, backend: Backend) throws -> PackedMatrix {
    try PackedMatrix.pack(rows: rows, columns: columns, backend: backend) { range, target in
        for i in 0..<range.count * columns { target[i] = noise(range.lowerBound * columns + i, seed: seed) }
    }
}

func bits(_ activations: Activations, row: Int) -> [UInt32] { activations.row(row).map(\.bitPattern) }

/// A batch of one prompt chunk or generated token of each sequence.
func batch(_ parts: [(sequence: SequenceState, count: Int)], _ phase: TokenBatch.Phase) -> TokenBatch {
    var batch = TokenBatch()
    for part in parts {
        part.sequence.grow(by: part.count)
        batch.append(sequence: part.sequence, count: part.count, phase: phase)
    }
    return batch
}
