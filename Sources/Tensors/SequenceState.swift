import CKernels

/// What a model remembers of one sequence: its pages of keys and values, its length, and the last rows of
/// operators that look one token back.
package final class SequenceState {
    /// Tokens in the cache.
    package private(set) var length = 0
    /// Tokens of the last step.
    private var lastCount = 0
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
    /// `attentionStart` after each token of the last step; empty where it never moves.
    private var startsAfter: [Int32] = []
    /// The shift rows after each token of the last step, `[tokens, layers · shiftWidth]`, kept where a step's tokens are
    /// guesses that may be taken back.
    private var history: [Float] = []

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
        reservePageTable(needed)
        while pages.count < needed {
            let page = KVPage(cache.pages)
            pageTable[pages.count] = page.base
            pages.append(page)
        }
    }

    private func reservePageTable(_ needed: Int) {
        guard needed > pageTableCapacity else { return }
        let capacity = max(needed, 2 * pageTableCapacity)
        let larger: UnsafeMutablePointer<UnsafeMutableRawPointer?> = .allocate(capacity: capacity)
        larger.initialize(repeating: nil, count: capacity)
        larger.update(from: pageTable, count: pageTableCapacity)
        pageTable.deallocate()
        (pageTable, pageTableCapacity) = (larger, capacity)
    }

    /// Counts tokens whose keys and values have been appended in every layer.
    package func advance(_ count: Int) {
        precondition(length + count <= pages.count * KVCache.pagePositions, "grow(by:) comes before advance(_:)")
        length += count
        lastCount = count
    }

    /// Takes back all but the first `kept` (at least one) tokens of the last step, which was one of generated tokens:
    /// length, remembered rows and the start of attention are then what they were after those.
    package func keepOnly(_ kept: Int) {
        precondition((1...lastCount).contains(kept))
        guard kept < lastCount else { return }
        if !startsAfter.isEmpty { attentionStart = startsAfter[kept - 1] }
        let width = cache.layers * shiftWidth
        if width > 0 {
            precondition(history.count >= lastCount * width, "only a step of generated tokens can be taken back")
            history.withUnsafeBufferPointer { rows in
                guard let base = rows.baseAddress else { return }
                shiftRows.update(from: base + (kept - 1) * width, count: width)
            }
        }
        length -= lastCount - kept
        lastCount = kept
    }

    /// What later sequences that begin with the same tokens need, when the length is a multiple of a page's positions.
    package func prefix() -> SequencePrefix {
        precondition(length % KVCache.pagePositions == 0, "a prefix consists of whole pages")
        return SequencePrefix(
            length: length, pages: Array(pages[..<(length / KVCache.pagePositions)]),
            shiftRows: Array(UnsafeBufferPointer(start: shiftRows, count: cache.layers * shiftWidth)),
            attentionStart: attentionStart)
    }

    /// Continues after `prefix`, whose pages are shared; this sequence's own tokens must have been its beginning.
    package func adopt(_ prefix: SequencePrefix) {
        precondition(prefix.length >= length && prefix.shiftRows.count == cache.layers * shiftWidth)
        pages = prefix.pages
        reservePageTable(pages.count)
        for (index, page) in pages.enumerated() { pageTable[index] = page.base }
        length = prefix.length
        lastCount = 0
        attentionStart = prefix.attentionStart
        prefix.shiftRows.withUnsafeBufferPointer { rows in
            if let base = rows.baseAddress { shiftRows.update(from: base, count: rows.count) }
        }
    }

    /// Gives the pages back and starts anew at length 0.
    package func release() {
        pages.removeAll()
        length = 0
        lastCount = 0
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
        startsAfter.removeAll(keepingCapacity: true)
        for (offset, id) in ids.enumerated() {
            starts.append(attentionStart)
            if id == resetToken { attentionStart = Int32(length + offset + 1) }
            startsAfter.append(attentionStart)
        }
        return starts.contains { $0 > 0 } ? starts : nil
    }

    /// The row that operator `slot` of `layer` saw last, `[shiftWidths[slot]]`.
    func shiftRow(layer: Int, slot: Int) -> UnsafeMutablePointer<Float> {
        precondition((0..<cache.layers).contains(layer) && cache.shiftWidths.indices.contains(slot))
        return shiftRows + layer * shiftWidth + cache.shiftWidths[..<slot].reduce(0, +)
    }

    func shiftRowWidth(slot: Int) -> Int { cache.shiftWidths[slot] }

    /// Keeps the rows `[count, shiftWidths[slot]]` that operator `slot` of `layer` saw in this step, for `keepOnly(_:)`.
    func rememberShiftRows(_ rows: UnsafePointer<Float>, count: Int, layer: Int, slot: Int) {
        let (width, line) = (cache.shiftWidths[slot], cache.layers * shiftWidth)
        if history.count < count * line { history = Array(repeating: 0, count: count * line) }
        let offset = shiftRow(layer: layer, slot: slot) - shiftRows
        history.withUnsafeMutableBufferPointer { all in
            guard let base = all.baseAddress else { return }
            for row in 0..<count { (base + row * line + offset).update(from: rows + row * width, count: width) }
        }
    }

    var geometry: yb_cache_geometry { cache.geometry }
    var capacity: Int { pages.count * KVCache.pagePositions }
}

/// The state of a sequence after a beginning that others share: whole pages, which are never written again, and what
/// operators remember at its end.
package struct SequencePrefix {
    /// Tokens, a multiple of `KVCache.pagePositions`.
    package let length: Int
    let pages: [KVPage]
    let shiftRows: [Float]
    let attentionStart: Int32
}
