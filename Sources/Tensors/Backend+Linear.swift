import CKernels

extension Backend {
    /// into[r] := row ids[r] of the embedding table `[vocabulary, width]`.
    package func embed(_ ids: [Int32], table: PackedMatrix, into out: Activations) {
        precondition(out.width == table.columns && out.capacity >= ids.count)
        precondition(ids.allSatisfy { (0..<Int32(table.rows)).contains($0) })
        var matrix = table.kernelMatrix
        yb_embed(pool.handle, isa, &matrix, ids, ids.count, out.base)
    }

    /// into := round(x · Wᵀ + bias) for all rows of the batch; x `[rows, K]`, W `[N, K]`, into `[rows, N]`.
    ///
    /// Prompt rows go through OpenBLAS or the native kernels as the policy says, generated rows through the latter.
    package func linear(
        _ x: Activations, _ w: PackedMatrix, bias: Vector?, batch: TokenBatch, into out: Activations
    ) {
        precondition(x.width == w.columns && out.width == w.rows && w.dtype == dtype)
        precondition(x.capacity >= batch.rows && out.capacity >= batch.rows && x !== out)
        precondition(bias.map { $0.count == w.rows } ?? true)
        guard let promptProduct, !batch.promptTiles.isEmpty else {
            linearNatively(x, w, bias: bias, rowIDs: nil, rows: batch.rows, into: out)
            return
        }
        promptProduct.multiply(x.base, w, bias: bias, tiles: batch.promptTiles, into: out.base)
        batch.generatedRows.withUnsafeBufferPointer { ids in
            linearNatively(x, w, bias: bias, rowIDs: ids.baseAddress, rows: ids.count, into: out)
        }
    }

    private func linearNatively(
        _ x: Activations, _ w: PackedMatrix, bias: Vector?, rowIDs: UnsafePointer<Int32>?, rows: Int,
        into out: Activations
    ) {
        guard rows > 0 else { return }
        var matrix = w.kernelMatrix
        scratch.reserve(rows: yb_linear_scratch(&matrix, rows))
        yb_linear(pool.handle, isa, &matrix, bias?.base, x.base, rowIDs, rows, out.base, scratch.base)
    }

    /// The `count` highest logits of one row, highest first, the lowest id first on ties; NaN is never among them.
    ///
    /// - Parameter limit: only ids below it are considered; nil for all.
    /// - Returns: also how many of the considered logits are infinite or NaN.
    package func topK(
        _ count: Int, row: Int, of logits: Activations, limit: Int? = nil
    ) -> (top: [(id: Int, logit: Float)], nonFinite: Int) {
        precondition((0..<logits.capacity).contains(row) && count > 0)
        let columns = max(0, min(limit ?? logits.width, logits.width))
        var nonFinite = 0
        let best = [yb_scored](unsafeUninitializedCapacity: count) { buffer, found in
            found = yb_top(logits.base + row * logits.width, columns, buffer.baseAddress, count, &nonFinite)
        }
        return (best.map { (Int($0.id), $0.value) }, nonFinite)
    }
}
