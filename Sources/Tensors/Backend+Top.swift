import CKernels

/// The highest logits of one row.
package struct TopLogits: Sendable {
    /// Highest first, the lowest id first on ties; NaN is never among them.
    package var top: [(id: Int, logit: Float)]
    /// How many of the considered logits are infinite or NaN.
    package var nonFinite: Int
}

extension Backend {
    /// The `count` highest of each of the first `rows` rows of logits `[rows, vocabulary]`.
    ///
    /// - Parameter limit: only ids below it are considered; nil for all.
    package func topK(_ count: Int, rows: Int, of logits: Activations, limit: Int? = nil) -> [TopLogits] {
        precondition(rows <= logits.capacity)
        return topK(count, rows: 0..<rows, of: logits, limit: limit)
    }

    /// The `count` highest of one row.
    package func topK(_ count: Int, row: Int, of logits: Activations, limit: Int? = nil) -> TopLogits {
        precondition((0..<logits.capacity).contains(row))
        return topK(count, rows: row..<row + 1, of: logits, limit: limit)[0]
    }

    private func topK(_ count: Int, rows: Range<Int>, of logits: Activations, limit: Int?) -> [TopLogits] {
        precondition(count > 0)
        let columns = max(0, min(limit ?? logits.width, logits.width))
        scratch.reserve(rows: yb_top_scratch(columns, rows.count, count) / MemoryLayout<Float>.stride + 1)
        var (found, nonFinite) = ([Int](repeating: 0, count: rows.count), [Int](repeating: 0, count: rows.count))
        var best = [yb_scored](repeating: yb_scored(), count: rows.count * count)
        yb_top(
            pool.handle, isa, logits.base + rows.lowerBound * logits.width, logits.width, columns, rows.count, count,
            &best, &found, &nonFinite, scratch.base)
        return rows.indices.map { index in
            let row = index - rows.lowerBound
            return TopLogits(
                top: best[row * count..<row * count + found[row]].map { (Int($0.id), $0.value) },
                nonFinite: nonFinite[row])
        }
    }
}
