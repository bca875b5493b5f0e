/// ggml's formats with blocks of 32: a half-precision scale d (and minimum m) in front of the packed numbers.
/// Nibble formats keep number j in the low and number j+16 in the high half of byte j.
extension Dequantization {
    /// Q8_0: `d, int8[32]`: d·q
    static func q8Block(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
        let d = half(block, 0)
        for j in 0..<32 { out[j] = Float(Int8(bitPattern: byte(block, 2 + j))) * d }
    }

    /// Q4_0: `d, nibbles[16]`: d·(q − 8)
    static func q4Block(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
        let d = half(block, 0)
        for j in 0..<16 {
            let packed = Int32(byte(block, 2 + j))
            out[j] = Float((packed & 15) - 8) * d
            out[j + 16] = Float((packed >> 4) - 8) * d
        }
    }

    /// Q4_1: `d, m, nibbles[16]`: d·q + m
    static func q4MinimumBlock(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
        let d = half(block, 0)
        let m = half(block, 2)
        for j in 0..<16 {
            let packed = Int32(byte(block, 4 + j))
            out[j] = Float(packed & 15) * d + m
            out[j + 16] = Float(packed >> 4) * d + m
        }
    }

    /// Q5_0: `d, fifth bits (32), nibbles[16]`: d·(q − 16)
    static func q5Block(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
        let d = half(block, 0)
        let high = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
        for j in 0..<16 {
            let packed = UInt32(byte(block, 6 + j))
            let low = packed & 15 | (high >> UInt32(j) & 1) << 4
            let top = packed >> 4 | (high >> UInt32(j + 16) & 1) << 4
            out[j] = Float(Int32(low) - 16) * d
            out[j + 16] = Float(Int32(top) - 16) * d
        }
    }

    /// Q5_1: `d, m, fifth bits (32), nibbles[16]`: d·q + m
    static func q5MinimumBlock(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
        let d = half(block, 0)
        let m = half(block, 2)
        let high = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        for j in 0..<16 {
            let packed = UInt32(byte(block, 8 + j))
            let low = packed & 15 | (high >> UInt32(j) & 1) << 4
            let top = packed >> 4 | (high >> UInt32(j + 16) & 1) << 4
            out[j] = Float(Int32(low)) * d + m
            out[j + 16] = Float(Int32(top)) * d + m
        }
    }
}
