import Checkpoints
import Synchronization
import Tensors

/// Brings tensors of a checkpoint into the run's dtype, checking each shape against what the architecture expects.
package final class WeightLoader: Sendable {
    private let checkpoint: any Checkpoint
    package let backend: Backend
    /// Bytes of all packed weights so far.
    package var weightsBytes: Int { totals.withLock { $0.bytes } }
    /// Of those, in compact panels.
    package var compactBytes: Int { totals.withLock { $0.compactBytes } }
    /// Values that changed when they were rounded to the run's dtype.
    package var changedValues: Int { totals.withLock { $0.changed } }
    /// Finite values that became infinite in the run's dtype (bf16 → fp16 overflow).
    package var overflowedValues: Int { totals.withLock { $0.overflowed } }
    private let totals = Mutex((bytes: 0, compactBytes: 0, changed: 0, overflowed: 0, unreleased: 0))
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
        return try matrix(rows: rows, columns: columns, of: [tensor]) { (tensor, $0) }
    }

    /// A matrix whose row r is a row of one of several tensors.
    package func matrix(
        rows: Int, columns: Int, of tensors: [StoredTensor],
        rowAt place: @Sendable (Int) -> (tensor: StoredTensor, row: Int)
    ) throws -> PackedMatrix {
        if tensors.allSatisfy({ $0.isStored(as: storedType) }) {
            let rowBytes = columns * backend.dtype.byteCount
            return count(
                try PackedMatrix.packStored(rows: rows, columns: columns, backend: backend) { range, target in
                    try Self.runs(of: range, at: place) { try $0.copyRows($1, into: target + $2 * rowBytes) }
                })
        }
        return try pack(rows: rows, columns: columns) { range, target in
            try Self.runs(of: range, at: place) { try $0.readRows($1, into: target + $2 * columns) }
        }
    }

    /// Calls `body` with each run of rows of `range` that lie one after the other in one tensor, and the place of its first
    /// one within the range.
    private static func runs(
        of range: Range<Int>, at place: (Int) -> (tensor: StoredTensor, row: Int),
        _ body: (StoredTensor, Range<Int>, Int) throws -> Void
    ) rethrows {
        var start = range.lowerBound
        while start < range.upperBound {
            let (tensor, row) = place(start)
            var end = start + 1
            while end < range.upperBound, case let next = place(end), next.tensor.name == tensor.name,
                next.row == row + end - start
            {
                end += 1
            }
            try body(tensor, row..<row + end - start, start - range.lowerBound)
            start = end
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
            $0.compactBytes += matrix.isCompact ? matrix.byteCount : 0
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
