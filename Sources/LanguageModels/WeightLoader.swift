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
    private let totals = Mutex((bytes: 0, changed: 0, overflowed: 0))

    package init(_ checkpoint: any Checkpoint, backend: Backend) {
        self.checkpoint = checkpoint
        self.backend = backend
    }

    package func has(_ name: String) -> Bool { checkpoint.tensor(name) != nil }

    /// The tensor with this name and shape.
    package func tensor(_ name: String, shape: [Int]) throws -> StoredTensor {
        guard let tensor = checkpoint.tensor(name) else {
            throw ModelError(
                "\(checkpoint.url.lastPathComponent): tensor \(name) of shape \(shape) is missing; "
                    + "the checkpoint is incomplete or not of architecture \(checkpoint.configuration.architecture)")
        }
        guard tensor.shape == shape else {
            throw ModelError(
                "\(checkpoint.url.lastPathComponent): tensor \(name) has shape \(tensor.shape), expected \(shape) "
                    + "from the configuration; config and weights belong to different models")
        }
        return tensor
    }

    /// A linear layer's weight `[rows, columns]`, packed.
    package func matrix(_ name: String, rows: Int, columns: Int) throws -> PackedMatrix {
        let tensor = try tensor(name, shape: [rows, columns])
        return try pack(rows: rows, columns: columns) { try tensor.readRows($0, into: $1) }
    }

    /// A matrix whose rows are delivered by `source` as fp32, in ranges, from several threads at once.
    package func pack(
        rows: Int, columns: Int, source: @Sendable (Range<Int>, UnsafeMutablePointer<Float>) throws -> Void
    ) throws -> PackedMatrix {
        let matrix = try PackedMatrix.pack(rows: rows, columns: columns, backend: backend, source: source)
        totals.withLock {
            $0.bytes += matrix.byteCount
            $0.changed += matrix.changedValues
            $0.overflowed += matrix.nonFiniteValues
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
