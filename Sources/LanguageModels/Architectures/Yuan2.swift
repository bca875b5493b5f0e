import Checkpoints
import Tensors

/// Yuan 2.0: multi-head attention whose queries and keys come from a localized filter over the last three tokens, with
/// the activation on `up_proj` and a tied head. Source: IEIT-Yuan's published `yuan_hf_model.py`.
///
/// H = hidden, I = intermediate, N = heads, D = head_dim; rows are tokens, `x[t-1]` is the row before in the sequence.
package final class Yuan2: Architecture {
    package static let name = "yuan"

    /// The filter remembers the last input of each of its two convolutions.
    package static func shiftWidths(_ c: ModelConfiguration) -> [Int] { [c.hiddenSize, c.hiddenSize / 2] }

    /// The keys come from the filter.
    package static let matricesBeforeCache = ["k_proj", "v_proj", "lf_gate"]

    /// The filter's norm is built without the configuration's value.
    private static let filterEpsilon: Float = 1e-6

    private struct Layer {
        let inputNorm, filterNorm, postNorm: Vector
        let conv1, conv2: PackedMatrix
        let conv1Bias, conv2Bias: Vector
        let q, k, v, o: PackedMatrix
        let up, gate, down: PackedMatrix
    }

    package let attentionResetToken: Int?
    private let configuration: ModelConfiguration
    private let layers: [Layer]
    private let rotary: RotaryTable
    // x, f, q, k, v, attended, block [rows, H]; pairs [rows, 2H]; c [rows, H/2]; cPairs [rows, H]; up, gate [rows, I]
    private let x, f, q, k, v, attended, block, pairs, c, cPairs, up, gate: Activations

    package init(_ configuration: ModelConfiguration, weights: WeightLoader, options: ModelOptions) throws {
        let (hidden, inner) = (configuration.hiddenSize, configuration.intermediateSize)
        layers = try (0..<configuration.layerCount).map { index in
            let prefix = "model.layers.\(index)."
            let attention = prefix + "self_attn."
            let (q, k) = try Self.unshuffledQueriesKeys(attention, configuration, weights)
            return Layer(
                inputNorm: try weights.vector(prefix + "input_layernorm.weight", count: hidden),
                filterNorm: try weights.vector(attention + "lf_gate.output_layernorm.weight", count: hidden),
                postNorm: try weights.vector(prefix + "post_attention_layernorm.weight", count: hidden),
                conv1: try Self.convolution(attention + "lf_gate.conv1.weight", hidden / 2, hidden, weights),
                conv2: try Self.convolution(attention + "lf_gate.conv2.weight", hidden, hidden / 2, weights),
                conv1Bias: try weights.vector(attention + "lf_gate.conv1.bias", count: hidden / 2),
                conv2Bias: try weights.vector(attention + "lf_gate.conv2.bias", count: hidden),
                q: q, k: k,
                v: try weights.matrix(attention + "v_proj.weight", rows: hidden, columns: hidden),
                o: try weights.matrix(attention + "o_proj.weight", rows: hidden, columns: hidden),
                up: try weights.matrix(prefix + "mlp.up_proj.weight", rows: inner, columns: hidden),
                gate: try weights.matrix(prefix + "mlp.gate_proj.weight", rows: inner, columns: hidden),
                down: try weights.matrix(prefix + "mlp.down_proj.weight", rows: hidden, columns: inner))
        }
        rotary = RotaryTable(
            headDim: configuration.headDim, theta: configuration.ropeTheta,
            maxPositions: min(configuration.maxPositions, options.maxPositions ?? .max), dtype: weights.backend.dtype,
            angles: options.rotaryAngles, frequencyScaling: nil)
        // The eager path alone builds its mask with the training helper, and only when positions are reset.
        let resets =
            options.resetAttentionAtEOD ?? (configuration.resetPositionIDs && !configuration.useFlashAttention)
        attentionResetToken = resets ? configuration.eodToken : nil
        self.configuration = configuration
        x = Activations(width: hidden)
        f = Activations(width: hidden)
        q = Activations(width: hidden)
        k = Activations(width: hidden)
        v = Activations(width: hidden)
        attended = Activations(width: hidden)
        block = Activations(width: hidden)
        pairs = Activations(width: 2 * hidden)
        c = Activations(width: hidden / 2)
        cPairs = Activations(width: hidden)
        up = Activations(width: inner)
        gate = Activations(width: inner)
    }

    package func forward(_ h: Activations, batch: TokenBatch, backend: Backend, afterLayer: LayerTap?) {
        let (epsilon, heads) = (Float(configuration.rmsNormEpsilon), configuration.headCount)
        var (batch, rows) = (batch, batch.rows)
        for buffer in [x, f, q, k, v, attended, block, pairs, c, cPairs, up, gate] { buffer.reserve(rows: rows) }
        for (index, layer) in layers.enumerated() {
            backend.rmsNorm(h, weight: layer.inputNorm, epsilon: epsilon, rows: rows, into: x)
            backend.linear(x, layer.v, bias: nil, batch: batch, into: v)

            // Localized filter: f = norm(conv2(conv1(x)) + x), each convolution over a token and the one before it.
            backend.shiftConcat(x, slot: 0, layer: index, batch: batch, into: pairs)
            backend.linear(pairs, layer.conv1, bias: layer.conv1Bias, batch: batch, into: c)
            backend.shiftConcat(c, slot: 1, layer: index, batch: batch, into: cPairs)
            backend.linear(cPairs, layer.conv2, bias: layer.conv2Bias, batch: batch, into: f)
            backend.add(x, to: f, rows: rows)
            backend.rmsNorm(f, weight: layer.filterNorm, epsilon: Self.filterEpsilon, rows: rows, into: f)

            // Behind the last layer's keys and values only the rows go on whose output is asked for.
            let narrowed = index == layers.count - 1 ? batch.narrowedToOutputs() : nil
            let (queries, keys) = (LinearOutput(layer.q, into: q), LinearOutput(layer.k, into: k))
            backend.linear(f, batch: batch, narrowed == nil ? [queries, keys] : [keys])
            backend.rotate(k, heads: heads, table: rotary, batch: batch)
            backend.appendKeysValues(k: k, v: v, layer: index, batch: batch)
            if let narrowed {
                for buffer in [h, f] { backend.keep(rows: batch.outputRows, of: buffer) }
                (batch, rows) = (narrowed, narrowed.rows)
                guard rows > 0 else { return }
                backend.linear(f, batch: batch, [queries])
            }
            backend.rotate(q, heads: heads, table: rotary, batch: batch)
            backend.attention(
                q: q, layer: index, heads: heads, kvHeads: heads, headDim: configuration.headDim, batch: batch,
                into: attended)
            backend.linear(attended, layer.o, bias: nil, batch: batch, into: block)
            backend.add(block, to: h, rows: rows)

            backend.rmsNorm(h, weight: layer.postNorm, epsilon: epsilon, rows: rows, into: x)
            backend.gatedLinear(
                x, batch: batch, activated: LinearOutput(layer.up, into: up),
                gate: LinearOutput(layer.gate, into: gate),
                beforeAttentionOf: index + 1)
            backend.linear(up, layer.down, bias: nil, batch: batch, into: block)
            backend.add(block, to: h, rows: rows)
            afterLayer?(index + 1, h, rows)
        }
    }

    /// A `[out, in, 2, 1]` kernel over time as a matrix `[out, 2·in]` = [older token | this token].
    private static func convolution(
        _ name: String, _ outputs: Int, _ inputs: Int, _ weights: WeightLoader
    ) throws -> PackedMatrix {
        let tensor = try weights.tensor(name, shape: [outputs, inputs, 2, 1])
        let width = 2 * inputs
        defer { tensor.releasePages() }
        return try weights.pack(rows: outputs, columns: width) { rows, target in
            // The last dimension has one element, so a stored "row" is one value: `width` of them an output, the two
            // times of an input beside each other.
            try withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { values in
                guard let base = values.baseAddress else { return }
                for (slot, row) in rows.enumerated() {
                    try tensor.readRows(row * width..<(row + 1) * width, into: base)
                    let output = target + slot * width
                    for input in 0..<inputs {
                        output[input] = base[2 * input]
                        output[inputs + input] = base[2 * input + 1]
                    }
                }
            }
        }
    }

    /// Undoes the head shuffle: of the stack [q_proj; k_proj], viewed as N groups of 2D rows, the first D rows of a
    /// group are that head's queries and the others its keys.
    private static func unshuffledQueriesKeys(
        _ prefix: String, _ configuration: ModelConfiguration, _ weights: WeightLoader
    ) throws -> (q: PackedMatrix, k: PackedMatrix) {
        let (hidden, headDim) = (configuration.hiddenSize, configuration.headDim)
        let top = try weights.tensor(prefix + "q_proj.weight", shape: [hidden, hidden])
        let bottom = try weights.tensor(prefix + "k_proj.weight", shape: [hidden, hidden])
        func half(_ offset: Int) throws -> PackedMatrix {
            try weights.matrix(rows: hidden, columns: hidden, of: [top, bottom]) { row in
                let stacked = (row / headDim) * 2 * headDim + offset + row % headDim
                return stacked < hidden ? (top, stacked) : (bottom, stacked - hidden)
            }
        }
        defer {
            top.releasePages()
            bottom.releasePages()
        }
        return (try half(0), try half(headDim))
    }
}
