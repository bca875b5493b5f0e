/// A stretch of text during byte-pair merging.
struct MergeSymbol {
    /// Bytes `start..<end` of the text.
    var start: Int
    var end: Int
    /// The piece these bytes are; -1 where they are no piece.
    var id: Int
    /// Neighbours; -1 at the ends.
    var previous = -1
    var next = -1
}

/// Merges neighbouring symbols, best pair first, leftmost first among equals, until no pair has a merge.
///
/// A heap of candidates and a linked list of symbols make this O(n log n). A candidate is stale when one of its two
/// symbols has meanwhile been merged, which shows in the symbols' extent.
///
/// - Parameter merge: the merged piece's id and the merge's order (lower merges earlier), or nil.
/// - Returns: the remaining symbols from left to right.
func mergePairs(
    _ initial: [MergeSymbol], merge: (MergeSymbol, MergeSymbol) -> (order: Double, id: Int)?
) -> [MergeSymbol] {
    var symbols = initial
    guard symbols.count > 1 else { return symbols }
    for index in symbols.indices {
        symbols[index].previous = index - 1
        symbols[index].next = index + 1 < symbols.count ? index + 1 : -1
    }
    var queue = MergeQueue(capacity: symbols.count)
    func propose(_ left: Int, _ right: Int) {
        guard left >= 0, right >= 0, let found = merge(symbols[left], symbols[right]) else { return }
        queue.push(
            MergeCandidate(
                order: found.order, left: left, right: right, start: symbols[left].start, end: symbols[right].end,
                id: found.id))
    }
    for index in 0..<(symbols.count - 1) { propose(index, index + 1) }
    while let best = queue.pop() {
        let left = best.left
        let right = best.right
        // A swallowed symbol is emptied (end == start), a grown one ends elsewhere.
        guard symbols[left].next == right, symbols[left].start == best.start, symbols[right].end == best.end,
            symbols[left].end > symbols[left].start, symbols[right].end > symbols[right].start
        else { continue }
        symbols[left].end = symbols[right].end
        symbols[left].id = best.id
        symbols[left].next = symbols[right].next
        if symbols[right].next >= 0 { symbols[symbols[right].next].previous = left }
        symbols[right].end = symbols[right].start
        symbols[right].next = -1
        propose(symbols[left].previous, left)
        propose(left, symbols[left].next)
    }
    var remaining: [MergeSymbol] = []
    var index = 0
    while index >= 0 {
        remaining.append(symbols[index])
        index = symbols[index].next
    }
    return remaining
}

private struct MergeCandidate {
    var order: Double
    var left: Int
    var right: Int
    var start: Int
    var end: Int
    var id: Int

    func precedes(_ other: MergeCandidate) -> Bool {
        order != other.order ? order < other.order : left < other.left
    }
}

/// A binary heap, the next merge on top.
private struct MergeQueue {
    private var heap: [MergeCandidate] = []

    init(capacity: Int) { heap.reserveCapacity(capacity) }

    mutating func push(_ candidate: MergeCandidate) {
        heap.append(candidate)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> MergeCandidate? {
        guard let top = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return top }
        heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return top }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(heap[parent]) else { return top }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
