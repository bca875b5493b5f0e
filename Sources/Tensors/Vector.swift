/// fp32 numbers rounded to the run's dtype: norm weights, biases.
package final class Vector: @unchecked Sendable {
    package let count: Int
    /// Values that rounding changed.
    package let changedValues: Int
    let base: UnsafeMutablePointer<Float>

    package init(_ values: [Float], dtype: DType) {
        let rounded = dtype.rounded(values)
        count = values.count
        changedValues = zip(values, rounded).count { $0 != $1 && !$0.isNaN }
        base = .allocate(capacity: max(1, values.count))
        base.initialize(repeating: 0, count: max(1, values.count))
        base.update(from: rounded, count: rounded.count)
    }

    deinit { base.deallocate() }

    package var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
