/// Weights that are computed instead of stored: element i of a tensor is a function of i and the tensor's key alone, so
/// any rows can be made on any thread, in any order, and every host gets the same ones.
///
/// The numbers are bf16 values about 0 with the standard deviation of a freshly initialised model. They are two 16-bit
/// halves of a 32-bit hash added up, a triangular distribution: close enough to a normal one for the arithmetic to be
/// that of a real model, and cheap enough for gigabytes a second.
struct RandomWeights: Sendable {
    /// Standard deviation of the usual initialisation (`initializer_range`).
    static let deviation: Float = 0.02

    enum Kind: Sendable, Equatable {
        case random
        /// All elements the same, as the weights of a norm are at the start.
        case constant(Float)
    }

    let kind: Kind
    private let key: UInt32

    /// - Parameter name: the tensor's; other names give other numbers.
    init(kind: Kind, name: String, seed: UInt32) {
        self.kind = kind
        // FNV-1a, 32 bits.
        key = name.utf8.reduce(UInt32(0x811c_9dc5) ^ seed) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    /// Writes elements `start..<start + count` to `destination`.
    func write(from start: Int, count: Int, to destination: UnsafeMutablePointer<Float>) {
        switch kind {
        case .constant(let value): destination.update(repeating: value, count: count)
        case .random:
            // The sum of two uniform 16-bit numbers varies by 65536² / 6 about 65535.
            let scale = Self.deviation * Float(6).squareRoot() / 65536
            let first = UInt32(truncatingIfNeeded: start)
            for offset in 0..<count {
                let bits = Self.mix(first &+ UInt32(truncatingIfNeeded: offset) ^ key)
                let sum = Int32(bitPattern: (bits & 0xffff) &+ (bits >> 16)) &- 65535
                destination[offset] = Self.toBFloat16(Float(sum) * scale)
            }
        }
    }

    /// A bijection of 32 bits in which every bit of the input changes about half of the output's (the constants are from
    /// Chris Wellons' search for such functions, 2018). 32-bit products vectorise everywhere.
    @inline(__always)
    private static func mix(_ value: UInt32) -> UInt32 {
        var x = value
        x ^= x >> 16
        x = x &* 0x7feb_352d
        x ^= x >> 15
        x = x &* 0x846c_a68b
        return x ^ x >> 16
    }

    /// The nearest bf16 value, ties to even; for finite numbers.
    @inline(__always)
    private static func toBFloat16(_ value: Float) -> Float {
        let bits = value.bitPattern
        return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
    }
}
