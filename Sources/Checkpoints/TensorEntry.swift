/// One entry of a file's table of tensors, under the name and with the type the file gives it. The reader that makes
/// it has checked that `byteCount` is what shape and type need and that the bytes lie inside the file.
struct TensorEntry: Sendable {
    let name: String
    /// As the file spells it, e.g. `BF16`, `Q4_K`, `I64`.
    let typeName: String
    /// nil for types that no weight may have (integers, booleans, doubles).
    let type: StoredType?
    /// Outermost dimension first.
    let shape: [Int]
    let file: MappedFile
    let offset: Int
    let byteCount: Int

    var elementCount: Int { shape.reduce(1, *) }

    static let rankCap = 8
    static let nameCap = 16384

    /// The product of the dimensions, nil when it overflows. A zero dimension does not hide an overflow elsewhere.
    static func elementCount(of shape: [Int]) -> Int? {
        var count = 1
        for dimension in shape where dimension != 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard !overflow else { return nil }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }

    /// Buffers that old files carry and no reader needs: they follow from the configuration.
    static func isIgnored(_ name: String) -> Bool {
        name.hasSuffix(".rotary_emb.inv_freq") || name.hasSuffix(".masked_bias") || name == "rope_freqs.weight"
    }
}
