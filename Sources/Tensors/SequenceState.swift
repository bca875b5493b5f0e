import CKernels

/// What a model remembers of one sequence: its pages of keys and values, its length, and the last rows of
/// operators that look one token back.
package final class SequenceState {
    /// Tokens in the cache.
    package private(set) var length = 0
    private let cache: KVCache
    private var pages: [KVPage] = []
    /// The pages' addresses, for the kernels.
    private(set) var pageTable: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private var pageTableCapacity = 8
    /// `[layers, shiftWidths joined]`, zero at the start.
    private let shiftRows: UnsafeMutablePointer<Float>
    private let shiftWidth: Int
    /// The first position that later tokens see.
    private var attentionStart: Int32 = 0

    init(_ cache: KVCache) {
        self.cache = cache
        pageTable = .allocate(capacity: pageTableCapacity)
        pageTable.initialize(repeating: nil, count: pageTableCapacity)
        shiftWidth = cache.shiftWidths.reduce(0, +)
        shiftRows = .allocate(capacity: max(1, cache.layers * shiftWidth))
        shiftRows.initialize(repeating: 0, count: max(1, cache.layers * shiftWidth))
        cache.pages.usage.withLock { $0.add(shiftBytes) }
    }

    deinit {
        cache.pages.usage.withLock { $0.add(-shiftBytes) }
        pageTable.deallocate()
        shiftRows.deallocate()
    }

    private var shiftBytes: Int { cache.layers * shiftWidth * MemoryLayout<Float>.stride }

    /// Makes room for `count` tokens after the present ones.
    package func grow(by count: Int) {
        let needed = (length + count + KVCache.pagePositions - 1) / KVCache.pagePositions
        if needed > pageTableCapacity {
            let capacity = max(needed, 2 * pageTableCapacity)
            let larger: UnsafeMutablePointer<UnsafeMutableRawPointer?> = .allocate(capacity: capacity)
            larger.initialize(repeating: nil, count: capacity)
            larger.update(from: pageTable, count: pages.count)
            pageTable.deallocate()
            (pageTable, pageTableCapacity) = (larger, capacity)
        }
        while pages.count < needed {
            let page = KVPage(cache.pages)
            pageTable[pages.count] = page.base
            pages.append(page)
        }
    }

    /// Counts tokens whose keys and values have been appended in every layer.
    package func advance(_ count: Int) {
        precondition(length + count <= pages.count * KVCache.pagePositions, "grow(by:) comes before advance(_:)")
        length += count
    }

    /// Gives the pages back and starts anew at length 0.
    package func release() {
        pages.removeAll()
        length = 0
        attentionStart = 0
        shiftRows.update(repeating: 0, count: cache.layers * shiftWidth)
    }

    /// The first position each of the next tokens `ids` sees, when attention starts anew after every `resetToken`:
    /// that token itself still sees what came before it, later ones do not. Nil when all see everything.
    ///
    /// To be called once for each step, in the order of the sequence.
    package func attentionStarts(of ids: [Int32], resetAfter resetToken: Int32) -> [Int32]? {
        var starts: [Int32] = []
        starts.reserveCapacity(ids.count)
        for (offset, id) in ids.enumerated() {
            starts.append(attentionStart)
            if id == resetToken { attentionStart = Int32(length + offset + 1) }
        }
        return starts.contains { $0 > 0 } ? starts : nil
    }

    /// The row that operator `slot` of `layer` saw last, `[shiftWidths[slot]]`.
    func shiftRow(layer: Int, slot: Int) -> UnsafeMutablePointer<Float> {
        precondition((0..<cache.layers).contains(layer) && cache.shiftWidths.indices.contains(slot))
        return shiftRows + layer * shiftWidth + cache.shiftWidths[..<slot].reduce(0, +)
    }

    func shiftRowWidth(slot: Int) -> Int { cache.shiftWidths[slot] }

    var geometry: yb_cache_geometry { cache.geometry }
    var capacity: Int { pages.count * KVCache.pagePositions }
}
