import CKernels

/// How one token is drawn from a row of logits.
package struct RowDraw: Sendable {
    package var row: Int
    /// The row's highest logit; finite.
    package var highest: Float
    /// Logits are divided by it; above 0.
    package var temperature: Double
    /// Only so many of the highest, the lowest ids first among equals; nil for all.
    package var topK: Int?
    /// Of those, the fewest highest whose probabilities sum to it; above 0, at most 1; nil for all.
    package var topP: Double?
    /// The point of the cumulative distribution that is taken, 0 ≤ uniform < 1.
    package var uniform: Double

    package init(row: Int, highest: Float, temperature: Double, topK: Int?, topP: Double?, uniform: Double) {
        self.row = row
        self.highest = highest
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.uniform = uniform
    }
}

extension Backend {
    /// Draws one id for each of `draws` from logits `[rows, vocabulary]`, by inversion of the cumulative distribution.
    ///
    /// A draw depends on its own row and numbers alone: sums are of doubles, in the order of the ids, or from the highest
    /// down where `topK` or `topP` cuts. NaN and minus infinity are never drawn.
    package func draw(_ draws: [RowDraw], from logits: Activations) -> [Int] {
        precondition(draws.allSatisfy { (0..<logits.capacity).contains($0.row) && $0.highest.isFinite })
        var rows = draws.map { draw in
            yb_draw(
                row: draw.row, highest: draw.highest, temperature: draw.temperature, top_k: max(0, draw.topK ?? 0),
                top_p: draw.topP ?? 1, uniform: draw.uniform, id: 0)
        }
        reserveForDraws(rows.count, width: logits.width)
        yb_draw_rows(pool.handle, logits.base, logits.width, logits.width, &rows, rows.count, scratch.base)
        return rows.map { Int($0.id) }
    }

    /// log Σ exp over the whole of each listed row of logits `[rows, vocabulary]`, summed in double precision; NaN counts
    /// nothing.
    ///
    /// - Parameter highest: the highest logit of each listed row; a row where it is not finite gives NaN.
    package func logNormalizers(rows: [Int], highest: [Float], of logits: Activations) -> [Double] {
        precondition(rows.count == highest.count && rows.allSatisfy { (0..<logits.capacity).contains($0) })
        var result = [Double](repeating: .nan, count: rows.count)
        reserveForDraws(rows.count, width: logits.width)
        yb_log_sums(
            pool.handle, logits.base, logits.width, logits.width, rows, highest, rows.count, &result, scratch.base)
        return result
    }

    private func reserveForDraws(_ count: Int, width: Int) {
        scratch.reserve(rows: yb_draw_scratch(pool.handle, width, count) / MemoryLayout<Float>.stride + 1)
    }
}
