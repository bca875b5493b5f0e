/// Damages inputs: number n always gives the same damage.
enum Mutation {
    static func mutant(_ number: UInt64, of seeds: [[UInt8]], words: [String]) -> [UInt8] {
        var random = SplitMix(state: number)
        var bytes = seeds[random.below(seeds.count)]
        for _ in 0...random.below(4) { change(&bytes, seeds, words, &random) }
        return bytes
    }

    private static func change(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ words: [String], _ random: inout SplitMix)
    {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + random.below(32) + 1)
        switch random.below(8) {
        case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
        case 1: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.removeLast(bytes.count - place)
        case 5:
            let other = seeds[random.below(seeds.count)]
            bytes.insert(contentsOf: other.dropFirst(random.below(other.count + 1)).prefix(64), at: place)
        case 6: bytes.replaceSubrange(place..<end, with: Array(words[random.below(words.count)].utf8))
        default:
            // A length field: the extremes of 4 or 8 little-endian bytes, and small steps around what is there.
            let width = random.below(2) == 0 ? 4 : 8
            guard bytes.count >= place + width else { return }
            let extremes: [UInt64] = [0, 1, 0x7fff_ffff, 0xffff_ffff, 1 << 62, .max >> 1, .max, .max - 7]
            var value = extremes[random.below(extremes.count)]
            if random.below(2) == 0 {
                value = 0
                for index in (0..<width).reversed() { value = value << 8 | UInt64(bytes[place + index]) }
                value = value &+ UInt64(random.below(17)) &- 8
            }
            for index in 0..<width { bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// From 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(next() % UInt64(bound)) }
}
