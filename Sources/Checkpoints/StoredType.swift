/// The number formats in which a tensor may lie in a file. The quantised ones are ggml's: rows are cut into blocks
/// of `blockSize` numbers that share scales, `bytesPerBlock` bytes each.
package enum StoredType: String, Sendable, CaseIterable {
    // ggml's own spelling, which users know.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case f32, f16, bf16, q8_0, q4_0, q4_1, q5_0, q5_1, q4_K, q5_K, q6_K

    /// Numbers a block; 1 for the plain float types.
    package var blockSize: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1: 32
        case .q4_K, .q5_K, .q6_K: 256
        }
    }

    /// Bytes a block.
    package var bytesPerBlock: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q8_0: 34
        case .q4_0: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q4_K: 144
        case .q5_K: 176
        case .q6_K: 210
        }
    }

    package var isQuantized: Bool { blockSize > 1 }
}

extension StoredType {
    /// The name of the type that most numbers have.
    static func dominant(_ tensors: [(type: StoredType, count: Int)]) -> String {
        var counts: [StoredType: Int] = [:]
        for (type, count) in tensors { counts[type, default: 0] += count }
        let most = counts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
        return (most?.key ?? .f32).rawValue
    }
}
