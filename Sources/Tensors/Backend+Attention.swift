import CKernels

extension Backend {
    /// Stores the rows' keys and values `[rows, kvHeads · headDim]` at their positions of `layer`.
    package func appendKeysValues(k: Activations, v: Activations, layer: Int, batch: TokenBatch) {
        guard let first = batch.segments.first else { return }
        var geometry = first.sequence.geometry
        let width = geometry.kv_heads * geometry.head_dim
        precondition(k.width == width && v.width == width && batch.rows <= min(k.capacity, v.capacity))
        precondition((0..<geometry.layers).contains(layer) && geometry.dtype == kernelType)
        yb_append(
            pool.handle, isa, &geometry, layer, k.base, v.base, batch.kernelSegments, batch.kernelSegments.count)
    }

    /// Makes `rangesAhead` what attention of `layer` will read; nothing where the model has no such layer.
    func lookAhead(layer: Int?, batch: TokenBatch) {
        rangesAhead.removeAll(keepingCapacity: true)
        guard let layer, let first = batch.segments.first else { return }
        var geometry = first.sequence.geometry
        guard layer < geometry.layers else { return }
        let pages = batch.segments.reduce(0) { $0 + $1.pageCount }
        rangesAhead.append(contentsOf: repeatElement(yb_range(), count: pages))
        let count = yb_cache_ranges(
            &geometry, layer, batch.kernelSegments, batch.kernelSegments.count, &rangesAhead)
        rangesAhead.removeLast(pages - count)
    }

    /// into := softmax(q · k / √headDim) · v over the cached positions up to each row's own, per head.
    ///
    /// q and into `[rows, heads · headDim]`; query head h reads key/value head h / (heads / kvHeads). Scores and
    /// probabilities stay in fp32, the output is rounded.
    package func attention(
        q: Activations, layer: Int, heads: Int, kvHeads: Int, headDim: Int, batch: TokenBatch, into out: Activations
    ) {
        guard let first = batch.segments.first else { return }
        var geometry = first.sequence.geometry
        precondition(kvHeads == geometry.kv_heads && headDim == geometry.head_dim && heads % kvHeads == 0)
        precondition(q.width == heads * headDim && out.width == q.width && q !== out)
        precondition(batch.rows <= min(q.capacity, out.capacity) && (0..<geometry.layers).contains(layer))
        let perThread = yb_attention_scratch(batch.lastPosition + 1)
        scratch.reserve(rows: perThread * threads)
        batch.firstVisible.withUnsafeBufferPointer { visible in
            yb_attention(
                pool.handle, isa, &geometry, layer, heads, 1 / Float(headDim).squareRoot(), q.base, out.base,
                batch.kernelSegments, batch.kernelSegments.count, visible.isEmpty ? nil : visible.baseAddress,
                scratch.base, perThread)
        }
    }
}
