/// Random numbers that are a function of what they are for: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel Random
/// Numbers: As Easy as 1, 2, 3", SC 2011), whose answers the tests hold against the authors' known ones.
package enum Philox4x32 {
    /// 128 random bits for a counter and a key.
    package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var (x, k) = (counter, key)
        for round in 0..<10 {
            if round > 0 { k = k &+ SIMD2(0x9E37_79B9, 0xBB67_AE85) }
            let (a, b) = (UInt64(x[0]) * 0xD251_1F53, UInt64(x[2]) * 0xCD9E_8D57)
            x = SIMD4(
                UInt32(truncatingIfNeeded: b >> 32) ^ x[1] ^ k[0], UInt32(truncatingIfNeeded: b),
                UInt32(truncatingIfNeeded: a >> 32) ^ x[3] ^ k[1], UInt32(truncatingIfNeeded: a))
        }
        return x
    }
}

extension Sampling {
    /// The number that draws the new token at `position` (from 0), 0 ≤ uniform < 1 in steps of 2⁻⁵³.
    ///
    /// Philox with `seed` as its key, and position, sample and the 64-bit FNV-1a hash of `problem` as its counter.
    package func uniform(at position: Int) -> Double {
        let hash = problem.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        func low(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value) }
        let block = Philox4x32.block(
            counter: SIMD4(
                UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: sample), low(hash), low(hash >> 32)),
            key: SIMD2(low(seed), low(seed >> 32)))
        return Double((UInt64(block[1]) << 32 | UInt64(block[0])) >> 11) * 0x1p-53
    }

    /// What no distribution can be drawn from, as one sentence's end; nil if all is well.
    package var fault: String? {
        if !(temperature > 0 && temperature.isFinite) {
            return "temperature is \(temperature), expected above 0 (greedy decoding takes no sampling)"
        }
        if let topK, topK < 1 { return "top-k is \(topK), expected at least 1" }
        if let topP, !(topP > 0 && topP <= 1) { return "top-p is \(topP), expected above 0 and at most 1" }
        return sample < 0 ? "sample is \(sample), expected at least 0" : nil
    }
}
