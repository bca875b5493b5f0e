import CKernels

extension Backend {
    /// into := round(weight · round(x / √(mean(x²) + epsilon))), the statistic in fp32; `[rows, width]`, may be in place.
    package func rmsNorm(
        _ x: Activations, weight: Vector, epsilon: Float, rows: Int, into out: Activations
    ) {
        precondition(x.width == out.width && weight.count == x.width && rows <= min(x.capacity, out.capacity))
        yb_rms_norm(pool.handle, isa, kernelType, out.base, x.base, weight.base, epsilon, rows, x.width)
    }

    /// h := round(h + x), `[rows, width]`.
    package func add(_ x: Activations, to h: Activations, rows: Int) {
        precondition(x.width == h.width && rows <= min(x.capacity, h.capacity))
        yb_add(pool.handle, isa, kernelType, h.base, x.base, rows, x.width)
    }

    /// into := round(round(silu(activated)) · gate), `[rows, width]`, may be in place.
    package func gatedProduct(activated: Activations, gate: Activations, rows: Int, into out: Activations) {
        precondition(activated.width == gate.width && gate.width == out.width)
        precondition(rows <= min(activated.capacity, gate.capacity, out.capacity))
        yb_gated_product(pool.handle, isa, kernelType, out.base, activated.base, gate.base, rows, out.width)
    }

    /// Rotates each head's halves (NeoX style) by the row's position, in place; x `[rows, heads · headDim]`.
    ///
    /// Both products and their sum are rounded.
    package func rotate(_ x: Activations, heads: Int, table: RotaryTable, batch: TokenBatch) {
        precondition(x.width == heads * table.headDim && batch.rows <= x.capacity)
        precondition(batch.positions.count == batch.rows, "rotation needs rows that belong to sequences")
        table.lines.reserve(positions: batch.lastPosition + 1)
        yb_rotate(
            pool.handle, isa, kernelType, x.base, batch.rows, heads, table.headDim, table.lines.cosines,
            table.lines.sines, batch.positions)
    }

    /// Row t of into := [x of the token before ; x of t], `[rows, 2 · width]`; the sequence remembers the last row.
    ///
    /// Before a sequence's first token stand zeroes. `slot` names the operator among the model's shift widths.
    package func shiftConcat(_ x: Activations, slot: Int, layer: Int, batch: TokenBatch, into out: Activations) {
        precondition(out.width == 2 * x.width && batch.rows <= min(x.capacity, out.capacity))
        let width = x.width
        previousRows.removeAll(keepingCapacity: true)
        for segment in batch.segments {
            precondition(segment.sequence.shiftRowWidth(slot: slot) == width)
            previousRows.append(segment.sequence.shiftRow(layer: layer, slot: slot))
            for row in segment.firstRow..<segment.firstRow + segment.count - 1 {
                previousRows.append(x.base + row * width)
            }
        }
        yb_shift_concat(pool.handle, out.base, x.base, previousRows, batch.rows, width)
        for segment in batch.segments {
            let first = x.base + segment.firstRow * width
            segment.sequence.shiftRow(layer: layer, slot: slot)
                .update(from: first + (segment.count - 1) * width, count: width)
            if segment.phase == .generated, segment.count > 1 {
                segment.sequence.rememberShiftRows(first, count: segment.count, layer: layer, slot: slot)
            }
        }
    }

    /// x[i] := x[rows[i]] in place; rows ascend, so that none is overwritten before it is read.
    package func keep(rows: [Int], of x: Activations) {
        for (index, row) in rows.enumerated() where index != row {
            precondition(index < row && row < x.capacity)
            (x.base + index * x.width).update(from: x.base + row * x.width, count: x.width)
        }
    }

    /// into[i] := x[rows[i]].
    package func gather(rows: [Int], of x: Activations, into out: Activations) {
        precondition(x.width == out.width && rows.count <= out.capacity && x !== out)
        for (index, row) in rows.enumerated() {
            precondition((0..<x.capacity).contains(row))
            (out.base + index * x.width).update(from: x.base + row * x.width, count: x.width)
        }
    }
}
