/// Byte strings to ids, looked up by a slice of a larger buffer without allocating.
///
/// `String` keys would not do: Swift compares strings by canonical equivalence, vocabularies by bytes.
struct PieceTable: Sendable {
    private var arena: [UInt8] = []
    private var entries: [(offset: Int, length: Int, id: Int32)] = []
    /// Indices into `entries`, -1 where free; the count is a power of two, at most half full.
    private var slots: [Int32]
    private(set) var longest = 0

    init(capacity: Int = 8) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
        entries.reserveCapacity(capacity)
    }

    /// Adds an entry; false where the bytes are already there.
    mutating func insert(_ bytes: [UInt8], id: Int) -> Bool {
        if (entries.count + 1) * 2 > slots.count { grow() }
        let slot = bytes.withUnsafeBufferPointer { findSlot($0) }
        guard slots[slot] < 0 else { return false }
        slots[slot] = Int32(entries.count)
        entries.append((arena.count, bytes.count, Int32(truncatingIfNeeded: id)))
        arena.append(contentsOf: bytes)
        longest = max(longest, bytes.count)
        return true
    }

    func id(of bytes: [UInt8]) -> Int? { bytes.withUnsafeBufferPointer { id(of: $0) } }

    func id(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard bytes.count <= longest else { return nil }
        let entry = slots[findSlot(bytes)]
        return entry < 0 ? nil : Int(entries[Int(entry)].id)
    }

    /// The slot that holds `bytes`, or the free one where they belong (linear probing).
    private func findSlot(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let mask = slots.count - 1
        var slot = Self.hash(bytes) & mask
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.length == bytes.count, equal(entry.offset, bytes) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func equal(_ offset: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        arena.withUnsafeBufferPointer { arena in
            for index in 0..<bytes.count where arena[offset + index] != bytes[index] { return false }
            return true
        }
    }

    /// Seeded anew in every process, so that no file can be made whose pieces all collide.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        return hasher.finalize()
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        arena.withUnsafeBufferPointer { arena in
            for (index, entry) in entries.enumerated() {
                let bytes = UnsafeBufferPointer(rebasing: arena[entry.offset..<entry.offset + entry.length])
                var slot = Self.hash(bytes) & mask
                while slots[slot] >= 0 { slot = (slot + 1) & mask }
                slots[slot] = Int32(index)
            }
        }
    }
}
