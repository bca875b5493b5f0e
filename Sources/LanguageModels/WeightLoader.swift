import Checkpoints
import Synchronization
import Tensors

/// Brings tensors of a checkpoint into the run's dtype, checking each shape against what the architecture expects.
package final class WeightLoader: Sendable {
    private let checkpoint: any Checkpoint
    package let backend: Backend
    /// Bytes of all packed weights so far.
    package var weightsBytes: Int { totals.withLock { $0.bytes } }
    /// Values that changed when they were rounded to the run's dtype.
    package var changedValues: Int { totals.withLock { $0.changed } }
    /// Finite values that became infinite in the run's dtype (bf16 → fp16 overflow).
    package var overflowedValues: Int { totals.withLock { $0.overflowed } }
    private let totals = Mutex((bytes: 0, changed: 0, overflowed: 0, unreleased: 0))
    private static let releaseInterval = 256 << 20

    package init(_ checkpoint: any Checkpoint, backend: Backend) {
        self.checkpoint = checkpoint
        self.backend = backend
    }

    package func has(_ name: String) -> Bool { checkpoint.tensor(name) != nil }

    /// The tensor with this name and shape.
    package func tensor(_ name: String, shape: [Int]) throws -> StoredTensor {
        try checkpoint.requireTensor(name, shape: shape)
    }

    /// A linear layer's weight `[rows, columns]`, packed. The file's pages are let go afterwards.
    package func matrix(_ name: String, rows: Int, columns: Int) throws -> PackedMatrix {
        let tensor = try tensor(name, shape: [rows, columns])
        defer { tensor.releasePages() }
        if tensor.type == storedType, try tensor.storedRows(0..<1) != nil {
            return count(
                try PackedMatrix.pack(rows: rows, columns: columns, backend: backend) {
                    try tensor.storedRows($0) ?? []
                })
        }
        return try pack(rows: rows, columns: columns) { try tensor.readRows($0, into: $1) }
    }

    /// A matrix whose row r is a row of one of several tensors.
    package func matrix(
        rows: Int, columns: Int, rowAt place: @Sendable (Int) -> (tensor: StoredTensor, row: Int)
    ) throws -> PackedMatrix {
        let unconverted = try (0..<rows).allSatisfy { row in
            let (tensor, local) = place(row)
            guard tensor.type == storedType else { return false }
            return try tensor.storedRows(local..<local + 1) != nil
        }
        if unconverted {
            return count(
                try PackedMatrix.pack(rows: rows, columns: columns, backend: backend) { range in
                    try range.flatMap { row in
                        let (tensor, local) = place(row)
                        return try tensor.storedRows(local..<local + 1) ?? []
                    }
                })
        }
        return try pack(rows: rows, columns: columns) { range, target in
            for (slot, row) in range.enumerated() {
                let (tensor, local) = place(row)
                try tensor.readRows(local..<local + 1, into: target + slot * columns)
            }
        }
    }

    /// A matrix whose rows are delivered by `source` as fp32, in ranges, from several threads at once.
    package func pack(
        rows: Int, columns: Int, source: @Sendable (Range<Int>, UnsafeMutablePointer<Float>) throws -> Void
    ) throws -> PackedMatrix {
        count(try PackedMatrix.pack(rows: rows, columns: columns, backend: backend, source: source))
    }

    /// The stored type whose values need no conversion.
    private var storedType: StoredType {
        switch backend.dtype {
        case .fp32: .f32
        case .bf16: .bf16
        case .fp16: .f16
        }
    }

    private func count(_ matrix: PackedMatrix) -> PackedMatrix {
        totals.withLock {
            $0.bytes += matrix.byteCount
            $0.changed += matrix.changedValues
            $0.overflowed += matrix.nonFiniteValues
            $0.unreleased += matrix.byteCount
            // What was packed need not stay resident a second time as the file's pages.
            if $0.unreleased >= Self.releaseInterval {
                $0.unreleased = 0
                checkpoint.releasePages()
            }
        }
        return matrix
    }

    /// A norm's weight or a bias, `[count]`, rounded to the run's dtype.
    package func vector(_ name: String, count: Int) throws -> Vector {
        let values = try tensor(name, shape: [count]).readAll()
        let vector = Vector(values, dtype: backend.dtype)
        totals.withLock {
            $0.bytes += count * backend.dtype.byteCount
            $0.changed += vector.changedValues
        }
        return vector
    }
}

/// A checkpoint that does not fit its architecture, or a request the model cannot serve.
package struct ModelError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
