/// Rows of fp32 numbers `[capacity, width]` that hold values of the run's dtype: what flows between operators.
///
/// Used from one thread at a time; operators spread their work over the backend's threads.
package final class Activations {
    package let width: Int
    package private(set) var capacity: Int
    private(set) var base: UnsafeMutablePointer<Float>

    /// Zeroes; `width` floats a row.
    package init(width: Int, rows: Int = 0) {
        self.width = max(0, width)
        capacity = max(0, rows)
        base = Self.allocate(self.width * capacity)
    }

    deinit { base.deallocate() }

    /// Makes room for at least `rows` rows; rows there were keep their values.
    package func reserve(rows: Int) {
        guard rows > capacity else { return }
        let rounded = (rows + 15) / 16 * 16
        let larger = Self.allocate(width * rounded)
        larger.update(from: base, count: width * capacity)
        base.deallocate()
        (base, capacity) = (larger, rounded)
    }

    /// One row's values.
    package func row(_ index: Int) -> [Float] {
        precondition((0..<capacity).contains(index))
        return Array(UnsafeBufferPointer(start: base + index * width, count: width))
    }

    /// Overwrites one row; `values` has `width` elements.
    package func setRow(_ index: Int, _ values: [Float]) {
        precondition((0..<capacity).contains(index) && values.count == width)
        for (column, value) in values.enumerated() { base[index * width + column] = value }
    }

    package subscript(row: Int, column: Int) -> Float {
        precondition((0..<capacity).contains(row) && (0..<width).contains(column))
        return base[row * width + column]
    }

    /// The first `rows` rows, one after the other.
    package func withUnsafeRows<R>(_ rows: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> R) rethrows -> R {
        precondition(rows <= capacity)
        return try body(UnsafeMutableBufferPointer(start: base, count: rows * width))
    }

    /// 64-byte aligned zeroes.
    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * 4), alignment: 64)
        return raw.initializeMemory(as: Float.self, repeating: 0, count: max(16, count))
    }
}
