import CKernels

/// One of several linear layers that read the same activations: into := round(x · Wᵀ + bias), `[rows, N]`.
package struct LinearOutput {
    let weight: PackedMatrix
    let bias: Vector?
    let out: Activations

    package init(_ weight: PackedMatrix, bias: Vector? = nil, into out: Activations) {
        self.weight = weight
        self.bias = bias
        self.out = out
    }
}

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
        linear(x, batch: batch, [LinearOutput(w, bias: bias, into: out)])
    }

    /// Several linear layers over the same x `[rows, K]` at once, as if they were one with all their outputs.
    ///
    /// - Parameter layer: whose attention comes soon: meanwhile its keys and values are fetched into the caches, if they fit.
    package func linear(
        _ x: Activations, batch: TokenBatch, _ outputs: [LinearOutput], beforeAttentionOf layer: Int? = nil
    ) {
        check(x, batch, outputs)
        lookAhead(layer: layer, batch: batch)
        guard let promptProduct, !batch.promptTiles.isEmpty else {
            linearNatively(x, outputs, rowIDs: nil, rows: batch.rows, isGated: false)
            return
        }
        for output in outputs {
            promptProduct.multiply(
                x.base, output.weight, bias: output.bias, tiles: batch.promptTiles, into: output.out.base)
        }
        batch.generatedRows.withUnsafeBufferPointer { ids in
            linearNatively(x, outputs, rowIDs: ids.baseAddress, rows: ids.count, isGated: false)
        }
    }

    /// Two linear layers of one shape over the same x `[rows, K]`, and `gatedProduct` of what they give, which comes to lie in
    /// the output of `activated`; that of `gate` is room for the other.
    package func gatedLinear(
        _ x: Activations, batch: TokenBatch, activated: LinearOutput, gate: LinearOutput,
        beforeAttentionOf layer: Int? = nil
    ) {
        let outputs = [activated, gate]
        guard promptProduct == nil || batch.promptTiles.isEmpty else {
            linear(x, batch: batch, outputs, beforeAttentionOf: layer)
            gatedProduct(activated: activated.out, gate: gate.out, rows: batch.rows, into: activated.out)
            return
        }
        check(x, batch, outputs)
        precondition(activated.weight.rows == gate.weight.rows)
        lookAhead(layer: layer, batch: batch)
        linearNatively(x, outputs, rowIDs: nil, rows: batch.rows, isGated: true)
    }

    private func check(_ x: Activations, _ batch: TokenBatch, _ outputs: [LinearOutput]) {
        precondition(x.capacity >= batch.rows)
        for output in outputs {
            let (w, out) = (output.weight, output.out)
            precondition(x.width == w.columns && out.width == w.rows && w.dtype == dtype)
            precondition(out.capacity >= batch.rows && x !== out)
            precondition(output.bias.map { $0.count == w.rows } ?? true)
        }
    }

    private func linearNatively(
        _ x: Activations, _ outputs: [LinearOutput], rowIDs: UnsafePointer<Int32>?, rows: Int, isGated: Bool
    ) {
        guard rows > 0, let first = outputs.first else { return }
        var matrix = first.weight.kernelMatrix
        scratch.reserve(rows: yb_linear_scratch(&matrix, rows))
        withUnsafeTemporaryAllocation(of: yb_product.self, capacity: outputs.count) { products in
            for (index, output) in outputs.enumerated() {
                let product = yb_product(
                    matrix: output.weight.kernelMatrix, bias: output.bias?.base, y: output.out.base)
                products.initializeElement(at: index, to: product)
            }
            if isGated {
                yb_gated_linear(
                    pool.handle, isa, products.baseAddress, x.base, rowIDs, rows, scratch.base, rangesAhead,
                    rangesAhead.count)
            } else {
                yb_linear(
                    pool.handle, isa, products.baseAddress, outputs.count, x.base, rowIDs, rows, scratch.base,
                    rangesAhead, rangesAhead.count)
            }
        }
    }
}
