import Checkpoints
import Tensors

/// The pre-norm decoder that Llama and Qwen2 share: `h += O(attention(x))`, `h += down(silu(gate x) · up x)`.
///
/// H = hidden, I = intermediate, Q = heads · head_dim, K = kv_heads · head_dim; rows are tokens.
final class GroupedQueryDecoder {
    private struct Layer {
        let inputNorm, postNorm: Vector
        let q, k, v, o: PackedMatrix
        let qBias, kBias, vBias: Vector?
        let gate, up, down: PackedMatrix
    }

    private let configuration: ModelConfiguration
    private let layers: [Layer]
    private let rotary: RotaryTable
    // x [rows, H], q [rows, Q], k and v [rows, K], attended [rows, Q], gate and up [rows, I]
    private let x, q, k, v, attended, block, gate, up: Activations

    init(_ c: ModelConfiguration, weights: WeightLoader, options: ModelOptions, projectionBias: Bool) throws {
        let (hidden, inner) = (c.hiddenSize, c.intermediateSize)
        let (qWidth, kWidth) = (c.headCount * c.headDim, c.kvHeadCount * c.headDim)
        layers = try (0..<c.layerCount).map { index in
            let prefix = "model.layers.\(index)."
            func matrix(_ name: String, _ rows: Int, _ columns: Int) throws -> PackedMatrix {
                try weights.matrix(prefix + name + ".weight", rows: rows, columns: columns)
            }
            func bias(_ name: String, _ count: Int) throws -> Vector? {
                projectionBias ? try weights.vector(prefix + name + ".bias", count: count) : nil
            }
            return Layer(
                inputNorm: try weights.vector(prefix + "input_layernorm.weight", count: hidden),
                postNorm: try weights.vector(prefix + "post_attention_layernorm.weight", count: hidden),
                q: try matrix("self_attn.q_proj", qWidth, hidden),
                k: try matrix("self_attn.k_proj", kWidth, hidden),
                v: try matrix("self_attn.v_proj", kWidth, hidden),
                o: try matrix("self_attn.o_proj", hidden, qWidth),
                qBias: try bias("self_attn.q_proj", qWidth),
                kBias: try bias("self_attn.k_proj", kWidth),
                vBias: try bias("self_attn.v_proj", kWidth),
                gate: try matrix("mlp.gate_proj", inner, hidden),
                up: try matrix("mlp.up_proj", inner, hidden),
                down: try matrix("mlp.down_proj", hidden, inner))
        }
        rotary = RotaryTable(
            headDim: c.headDim, theta: c.ropeTheta, maxPositions: min(c.maxPositions, options.maxPositions ?? .max),
            dtype: weights.backend.dtype, angles: options.rotaryAngles,
            frequencyScaling: c.ropeScaling?.frequencyFactors(count: c.headDim / 2, theta: c.ropeTheta).map { 1 / $0 })
        configuration = c
        x = Activations(width: hidden)
        q = Activations(width: qWidth)
        k = Activations(width: kWidth)
        v = Activations(width: kWidth)
        attended = Activations(width: qWidth)
        block = Activations(width: hidden)
        gate = Activations(width: inner)
        up = Activations(width: inner)
    }

    func forward(_ h: Activations, batch: TokenBatch, backend: Backend, afterLayer: LayerTap?) {
        let (c, epsilon) = (configuration, Float(configuration.rmsNormEpsilon))
        var (batch, rows) = (batch, batch.rows)
        for buffer in [x, q, k, v, attended, block, gate, up] { buffer.reserve(rows: rows) }
        for (index, layer) in layers.enumerated() {
            backend.rmsNorm(h, weight: layer.inputNorm, epsilon: epsilon, rows: rows, into: x)
            // Behind the last layer's keys and values only the rows go on whose output is asked for.
            let narrowed = index == layers.count - 1 ? batch.narrowedToOutputs() : nil
            let queries = LinearOutput(layer.q, bias: layer.qBias, into: q)
            let keysValues = [
                LinearOutput(layer.k, bias: layer.kBias, into: k), LinearOutput(layer.v, bias: layer.vBias, into: v),
            ]
            backend.linear(x, batch: batch, narrowed == nil ? [queries] + keysValues : keysValues)
            backend.rotate(k, heads: c.kvHeadCount, table: rotary, batch: batch)
            backend.appendKeysValues(k: k, v: v, layer: index, batch: batch)
            if let narrowed {
                for buffer in [h, x] { backend.keep(rows: batch.outputRows, of: buffer) }
                (batch, rows) = (narrowed, narrowed.rows)
                guard rows > 0 else { return }
                backend.linear(x, batch: batch, [queries])
            }
            backend.rotate(q, heads: c.headCount, table: rotary, batch: batch)
            backend.attention(
                q: q, layer: index, heads: c.headCount, kvHeads: c.kvHeadCount, headDim: c.headDim, batch: batch,
                into: attended)
            backend.linear(attended, layer.o, bias: nil, batch: batch, into: block)
            backend.add(block, to: h, rows: rows)

            backend.rmsNorm(h, weight: layer.postNorm, epsilon: epsilon, rows: rows, into: x)
            backend.gatedLinear(
                x, batch: batch, activated: LinearOutput(layer.gate, into: gate),
                gate: LinearOutput(layer.up, into: up),
                beforeAttentionOf: index + 1)
            backend.linear(gate, layer.down, bias: nil, batch: batch, into: block)
            backend.add(block, to: h, rows: rows)
            afterLayer?(index + 1, h, rows)
        }
    }
}
