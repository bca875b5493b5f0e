/// ggml's "K" formats: super-blocks of 256 numbers in groups with their own small integer scales, under one
/// half-precision scale d (and dmin for the minima).
extension Dequantization {
    /// Q4_K: `d, dmin, scales[12], nibbles[128]`: eight groups of 32, d·s·q − dmin·m. Two groups share 32 bytes, the first
    /// in the low halves.
    static func q4SuperBlock(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
        let d = half(block, 0)
        let dmin = half(block, 2)
        for pair in 0..<4 {
            let first = scaleAndMinimum(block + 4, 2 * pair, d, dmin)
            let second = scaleAndMinimum(block + 4, 2 * pair + 1, d, dmin)
            let nibbles = block + 16 + 32 * pair
            let low = out + 64 * pair
            for l in 0..<32 {
                let packed = Int32(byte(nibbles, l))
                low[l] = first.scale * Float(packed & 15) - first.minimum
                low[l + 32] = second.scale * Float(packed >> 4) - second.minimum
            }
        }
    }

    /// Q5_K: `d, dmin, scales[12], fifth bits[32], nibbles[128]`: as Q4_K with a fifth bit; bit g of byte l belongs to
    /// number l of group g.
    static func q5SuperBlock(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
        let d = half(block, 0)
        let dmin = half(block, 2)
        let high = block + 16
        for pair in 0..<4 {
            let first = scaleAndMinimum(block + 4, 2 * pair, d, dmin)
            let second = scaleAndMinimum(block + 4, 2 * pair + 1, d, dmin)
            let nibbles = block + 48 + 32 * pair
            let low = out + 64 * pair
            let shift = Int32(2 * pair)
            for l in 0..<32 {
                let packed = Int32(byte(nibbles, l))
                let bits = Int32(byte(high, l)) >> shift
                low[l] = first.scale * Float(packed & 15 | (bits & 1) << 4) - first.minimum
                low[l + 32] = second.scale * Float(packed >> 4 | (bits & 2) << 3) - second.minimum
            }
        }
    }

    /// Q6_K: `low nibbles[128], high bit pairs[64], int8 scales[16], d`: sixteen groups of 16, d·s·(q − 32). Each half of 128
    /// numbers takes 64 nibble bytes, 32 bytes of bit pairs and 8 scales.
    static func q6SuperBlock(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
        let d = half(block, 208)
        for part in 0..<2 {
            let nibbles = block + 64 * part
            let pairs = block + 128 + 32 * part
            let scales = block + 192 + 8 * part
            for quarter in 0..<4 {
                // Quarters 0 and 1 are the low halves of both 32-byte runs, 2 and 3 their high halves.
                let run = nibbles + 32 * (quarter & 1)
                let nibbleShift = Int32(4 * (quarter >> 1))
                let pairShift = Int32(2 * quarter)
                for group in 0..<2 {
                    let scale = d * Float(Int8(bitPattern: byte(scales, 2 * quarter + group)))
                    let target = out + 128 * part + 32 * quarter + 16 * group
                    for l in 0..<16 {
                        let low = Int32(byte(run, 16 * group + l)) >> nibbleShift & 15
                        let top = Int32(byte(pairs, 16 * group + l)) >> pairShift & 3
                        target[l] = scale * Float((low | top << 4) - 32)
                    }
                }
            }
        }
    }

    /// Six-bit scale and minimum of a group (0–7). The first four lie in the low six bits of bytes 0–3 and 4–7; the
    /// last four are split between the nibbles of bytes 8–11 and the top bits of the earlier bytes.
    @inline(__always)
    private static func scaleAndMinimum(
        _ packed: UnsafeRawPointer, _ group: Int, _ d: Float, _ dmin: Float
    ) -> (scale: Float, minimum: Float) {
        let scale: UInt8
        let minimum: UInt8
        if group < 4 {
            scale = byte(packed, group) & 63
            minimum = byte(packed, group + 4) & 63
        } else {
            scale = byte(packed, group + 4) & 15 | (byte(packed, group - 4) >> 6) << 4
            minimum = byte(packed, group + 4) >> 4 | (byte(packed, group) >> 6) << 4
        }
        return (d * Float(scale), dmin * Float(minimum))
    }
}
