import CKernels

/// The rows of one step: for each sequence taking part a run of consecutive new tokens.
package struct TokenBatch {
    /// Where a token comes from, which decides the kernels it goes through.
    package enum Phase: Sendable {
        /// Known beforehand, many at once.
        case prompt
        /// Chosen by the model.
        case generated
    }

    /// Rows firstRow ..< firstRow + count, the positions from startPosition on of one sequence.
    package struct Segment {
        package let sequence: SequenceState
        package let firstRow: Int
        package let count: Int
        package let startPosition: Int
        package let phase: Phase

        /// Pages that hold its positions up to the last new one.
        var pageCount: Int { (startPosition + count + KVCache.pagePositions - 1) / KVCache.pagePositions }
    }

    /// Prompt rows that share a tile of 64 places: row `firstRow + i` stands at place `slot + i`.
    struct Tile {
        let firstRow: Int
        let slot: Int
        let count: Int
    }

    package private(set) var segments: [Segment] = []
    package private(set) var rows = 0
    /// The position of each row in its sequence.
    private(set) var positions: [Int32] = []
    /// The first position each row sees; empty when all see everything.
    private(set) var firstVisible: [Int32] = []
    private(set) var kernelSegments: [yb_segment] = []
    private(set) var promptTiles: [Tile] = []
    private(set) var generatedRows: [Int32] = []
    /// The rows whose output is asked for, ascending; those of a sequence are its last.
    package private(set) var outputRows: [Int] = []
    private(set) var lastPosition = 0

    package init() {}

    /// Rows of generated tokens that belong to no sequence any more: what the vocabulary head sees.
    package static func generated(rows: Int) -> TokenBatch {
        var batch = TokenBatch()
        batch.rows = rows
        batch.generatedRows = (0..<Int32(rows)).map { $0 }
        batch.outputRows = Array(0..<rows)
        return batch
    }

    /// Adds the next `count` tokens of `sequence`, which has room for them.
    ///
    /// - Parameters:
    ///   - outputs: of how many of them, the last ones, the model's output is asked for; nil for all.
    ///   - firstVisible: the first position each of them sees; nil for all.
    package mutating func append(
        sequence: SequenceState, count: Int, phase: Phase, outputs: Int? = nil, firstVisible: [Int32]? = nil
    ) {
        let start = sequence.length
        precondition(count > 0 && start + count <= sequence.capacity, "grow(by:) comes before append")
        precondition((0...count).contains(outputs ?? count))
        outputRows.append(contentsOf: rows + count - (outputs ?? count)..<rows + count)
        add(sequence: sequence, start: start, count: count, phase: phase, firstVisible: firstVisible)
    }

    /// The rows whose output is asked for as a batch of their own, in the same order; nil where those are all rows.
    ///
    /// Each stands at its position and, among prompt tiles, at its place, so that it is computed bit by bit as it is here.
    package func narrowedToOutputs() -> TokenBatch? {
        guard outputRows.count < rows else { return nil }
        var narrowed = TokenBatch()
        var rest = outputRows[...]
        for segment in segments {
            let count = rest.prefix { $0 < segment.firstRow + segment.count }.count
            guard count > 0 else { continue }
            let kept = rest.prefix(count)
            rest = rest.dropFirst(count)
            narrowed.add(
                sequence: segment.sequence, start: segment.startPosition + segment.count - count, count: count,
                phase: segment.phase, firstVisible: firstVisible.isEmpty ? nil : kept.map { firstVisible[$0] })
        }
        narrowed.outputRows = Array(outputRows.indices)
        return narrowed
    }

    private mutating func add(
        sequence: SequenceState, start: Int, count: Int, phase: Phase, firstVisible visible: [Int32]?
    ) {
        precondition(visible.map { $0.count == count } ?? true)
        segments.append(
            Segment(sequence: sequence, firstRow: rows, count: count, startPosition: start, phase: phase))
        kernelSegments.append(
            yb_segment(pages: sequence.pageTable, first_row: rows, count: count, start: start))
        positions.append(contentsOf: Int32(start)..<Int32(start + count))
        if let visible {
            if firstVisible.isEmpty { firstVisible = Array(repeating: 0, count: rows) }
            firstVisible += visible
        } else if !firstVisible.isEmpty {
            firstVisible += Array(repeating: 0, count: count)
        }
        switch phase {
        case .generated: generatedRows.append(contentsOf: Int32(rows)..<Int32(rows + count))
        case .prompt: appendTiles(firstRow: rows, start: start, count: count)
        }
        rows += count
        lastPosition = max(lastPosition, start + count - 1)
    }

    /// Tiles begin at multiples of 64 of the position, so that a token's place follows from its sequence alone.
    private mutating func appendTiles(firstRow: Int, start: Int, count: Int) {
        var done = 0
        while done < count {
            let slot = (start + done) % OpenBLASProduct.tileRows
            let run = min(OpenBLASProduct.tileRows - slot, count - done)
            promptTiles.append(Tile(firstRow: firstRow + done, slot: slot, count: run))
            done += run
        }
    }
}
