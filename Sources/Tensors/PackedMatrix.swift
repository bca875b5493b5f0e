import CKernels
import Synchronization

/// A weight matrix `[rows, columns]` (outputs × inputs) in the run's dtype, packed into panels of 32 rows.
///
/// The layout is in `yb_matmul.h`. Never changes after packing.
package final class PackedMatrix: @unchecked Sendable {
    package let rows: Int
    package let columns: Int
    package let dtype: DType
    /// Whether the panels are compact: weights that are bf16 numbers, in 12 bits each.
    package let isCompact: Bool
    /// Bytes of the panels, padding included.
    package let byteCount: Int
    /// Values that changed when they were rounded to the dtype.
    package private(set) var changedValues = 0
    /// Finite values that became infinite in the dtype.
    package private(set) var nonFiniteValues = 0
    private let panels: UnsafeMutableRawPointer
    private let panelBytes: Int

    var kernelMatrix: yb_matrix {
        yb_matrix(panels: panels, rows: rows, columns: columns, dtype: dtype.kernelType, compact: isCompact ? 1 : 0)
    }

    private init(rows: Int, columns: Int, dtype: DType, isCompact: Bool) throws {
        guard rows > 0, columns > 0, rows <= Int(Int32.max), columns <= Int(Int32.max) else {
            throw TensorError("a weight matrix of shape [\(rows), \(columns)] cannot be packed; both must be positive")
        }
        let panelCount = (rows + YB_PANEL_ROWS - 1) / YB_PANEL_ROWS
        let panelBytes = isCompact ? yb_compact_panel_bytes(columns) : yb_panel_bytes(dtype.kernelType, columns)
        let (bytes, overflow) = panelBytes.multipliedReportingOverflow(by: panelCount)
        guard !overflow, let panels = yb_map(bytes) else {
            throw TensorError(
                "no memory for a weight matrix of shape [\(rows), \(columns)] in \(dtype.rawValue); "
                    + "use a smaller dtype or a machine with more memory")
        }
        self.rows = rows
        self.columns = columns
        self.dtype = dtype
        self.isCompact = isCompact
        self.panelBytes = panelBytes
        self.panels = panels
        byteCount = bytes
    }

    deinit { yb_unmap(panels, byteCount) }

    /// Packs rows that `source` delivers as fp32, rounding them to the backend's dtype.
    ///
    /// `source` is called on several threads at once, with ranges that begin at a multiple of 32, and writes
    /// `[range.count, columns]` floats. Throws what it throws, or `TensorError` when there is no memory.
    package static func pack(
        rows: Int, columns: Int, backend: Backend,
        source: @Sendable (Range<Int>, UnsafeMutablePointer<Float>) throws -> Void
    ) throws -> PackedMatrix {
        try pack(
            rows: rows, columns: columns, dtype: backend.dtype, pool: backend.pool, isa: backend.isa,
            compactly: backend.packsCompactly, source: source)
    }

    static func pack(
        rows: Int, columns: Int, dtype: DType, pool: ThreadPool, isa: yb_isa, compactly: Bool = false,
        source: @Sendable (Range<Int>, UnsafeMutablePointer<Float>) throws -> Void
    ) throws -> PackedMatrix {
        let scratch = Activations(width: YB_PANEL_ROWS * columns, rows: pool.threads)
        let scratchBase = scratch.base
        let width = scratch.width
        return try filled(rows: rows, columns: columns, dtype: dtype, pool: pool, isa: isa, compactly: compactly) {
            range, panel, worker, type in
            let values = scratchBase + worker * width
            var (changed, overflowed, lost, infinite) = (0, 0, 0, 0)
            try source(range, values)
            if type == dtype.kernelType {
                yb_pack_panel(isa, type, panel, values, range.count, columns, &changed, &overflowed)
            } else {
                yb_round_counting(isa, dtype.kernelType, values, range.count * columns, &changed, &overflowed)
                yb_pack_panel(isa, type, panel, values, range.count, columns, &lost, &infinite)
            }
            return (changed, overflowed, lost)
        }
    }

    /// Packs rows that are stored in the backend's dtype already.
    ///
    /// `source` is called on several threads at once, with ranges that begin at a multiple of 32, and writes
    /// `[range.count, columns]` values of the dtype. Throws what it throws, or `TensorError` when there is no memory.
    package static func packStored(
        rows: Int, columns: Int, backend: Backend,
        source: @Sendable (Range<Int>, UnsafeMutableRawPointer) throws -> Void
    ) throws -> PackedMatrix {
        let (isa, dtype, pool) = (backend.isa, backend.dtype.kernelType, backend.pool)
        let room = YB_PANEL_ROWS * max(0, columns)
        let stored = Activations(width: room, rows: pool.threads)
        // The same values as fp32, where panels of another type are made of them.
        let converts = backend.packsCompactly && backend.dtype != .bf16
        let values = converts ? Activations(width: room, rows: pool.threads) : nil
        return try filled(
            rows: rows, columns: columns, dtype: backend.dtype, pool: pool, isa: isa, compactly: backend.packsCompactly
        ) { range, panel, worker, type in
            let bytes = UnsafeMutableRawPointer(stored.base + worker * room)
            var (lost, infinite) = (0, 0)
            try source(range, bytes)
            if type == dtype {
                yb_pack_rows(isa, type, panel, bytes, range.count, columns)
            } else if let values {
                let floats = values.base + worker * room
                yb_decode(isa, dtype, floats, bytes, range.count * columns)
                yb_pack_panel(isa, type, panel, floats, range.count, columns, &lost, &infinite)
            }
            return (0, 0, lost)
        }
    }

    /// Writes the plain panel of the rows to the address, in the given type, on the thread `worker`; returns how many values
    /// changed and overflowed in the dtype, and how many more are lost in that type.
    private typealias PanelSource = (Range<Int>, UnsafeMutableRawPointer, _ worker: Int, yb_dtype) throws -> (
        changed: Int, overflowed: Int, lost: Int
    )

    /// A matrix of the panels that `source` makes, compact if that is wanted and can be done without loss.
    private static func filled(
        rows: Int, columns: Int, dtype: DType, pool: ThreadPool, isa: yb_isa, compactly: Bool, _ source: PanelSource
    ) throws -> PackedMatrix {
        if compactly, yb_can_compact(isa, max(0, columns)) != 0 {
            let compact = try PackedMatrix(rows: rows, columns: columns, dtype: dtype, isCompact: true)
            if try compact.fill(pool, source) { return compact }
        }
        let plain = try PackedMatrix(rows: rows, columns: columns, dtype: dtype, isCompact: false)
        _ = try plain.fill(pool, source)
        return plain
    }

    /// Runs `source` for each panel's rows on all threads. Returns false if the panels are to be compact and one of them
    /// cannot be.
    private func fill(_ pool: ThreadPool, _ source: PanelSource) throws -> Bool {
        let outcome = Mutex(Outcome())
        let type = isCompact ? YB_BF16 : dtype.kernelType
        let plainBytes = yb_panel_bytes(type, columns)
        let plain = isCompact ? Activations(width: plainBytes / 4, rows: pool.threads) : nil
        let count = (rows + YB_PANEL_ROWS - 1) / YB_PANEL_ROWS
        let share = max(1, min(Self.hugePage / panelBytes, count / pool.threads))
        pool.run(chunks: (count + share - 1) / share) { chunk, worker in
            for panel in chunk * share..<min(count, (chunk + 1) * share) {
                if outcome.withLock({ $0.error != nil || !$0.fits }) { return }
                let range = panel * YB_PANEL_ROWS..<min(rows, (panel + 1) * YB_PANEL_ROWS)
                let place = panels + panel * panelBytes
                do {
                    let target = plain.map { UnsafeMutableRawPointer($0.base + worker * $0.width) } ?? place
                    let found = try source(range, target, worker, type)
                    var fits = found.lost == 0
                    if isCompact, fits { fits = yb_compact_panel(place, target, range.count, columns) != 0 }
                    outcome.withLock {
                        $0.fits = $0.fits && fits
                        $0.changed += found.changed
                        $0.overflowed += found.overflowed
                    }
                } catch {
                    outcome.withLock { $0.error = $0.error ?? error }
                }
            }
        }
        let result = outcome.withLock { $0 }
        if let error = result.error { throw error }
        changedValues = result.changed
        nonFiniteValues = result.overflowed
        return result.fits
    }

    /// What one thread fills at a time: two that first touch the same huge page both clear it, and one of the two is thrown
    /// away.
    private static let hugePage = 2 << 20

    private struct Outcome {
        var error: (any Error)?
        var fits = true
        var changed = 0
        var overflowed = 0
    }

    /// One row as fp32 `[columns]`.
    package func row(_ index: Int) -> [Float] {
        precondition((0..<rows).contains(index))
        return [Float](unsafeUninitializedCapacity: columns) { buffer, count in
            var matrix = kernelMatrix
            if let base = buffer.baseAddress { yb_unpack_row(yb_isa_detect(), &matrix, index, base) }
            count = columns
        }
    }
}
