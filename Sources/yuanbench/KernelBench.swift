import Checkpoints
import Foundation
import LocalGeneration
import Performance
import Tensors

/// `bench --kernels-only`: the products of a model's matrices alone, against the host's limits.
struct KernelBench {
    let source: ModelSource
    let request: BenchRequest

    /// One product, of all tokens with one matrix.
    struct Result: Encodable {
        /// The first tensor of this shape.
        var matrix: String
        var rows: Int
        var columns: Int
        /// "generated" or "prompt": they may go through different kernels.
        var phase: String
        var tokens: Int
        var dtype: String
        var kernels: String
        /// "plain" or "compact", as this matrix lies in memory.
        var weights: String
        var threads: Int
        /// Median of the calls.
        var seconds: Double
        /// Weights read, per second.
        var bytesPerS: Double
        var flopsPerS: Double
        var bandwidthShare: Double
        var computeShare: Double
    }

    /// Together larger than any cache, as the layers of a model are: products read their weights from memory.
    private static let residentBytes = 256 << 20

    /// - Parameter setup: whose layout `auto` is plain.
    func run(_ setup: BenchSession.Setup) throws -> [Result] {
        let (dtype, kernels) = (setup.dtype, setup.kernels)
        let backend = try Backend(
            dtype: dtype, threads: setup.threads, kernels: kernels, packsCompactly: setup.weights == .compact)
        let probe = try MachineProbe(
            threads: backend.threads, lastLevelCacheBytes: CPUFrequency.lastLevelCacheBytes())
        var results: [Result] = []
        for tensor in matrices() {
            let plainBytes = tensor.elementCount * dtype.byteCount
            let copies = try (0..<max(1, min(64, Self.residentBytes / max(plainBytes, 1)))).map { _ in
                try PackedMatrix.pack(rows: tensor.shape[0], columns: tensor.shape[1], backend: backend) {
                    try tensor.readRows($0, into: $1)
                }
            }
            let bytes = copies[0].byteCount
            let tokens =
                Set(request.points.map(\.batchSize)).sorted().map { ("generated", $0) }
                + Set(request.points.map(\.promptTokens)).sorted().map { ("prompt", $0) }
            for (phase, count) in tokens {
                let before = MachineLimits(
                    readBytesPerS: try probe.readBandwidth(), flopsPerS: probe.arithmeticPeak(dtype))
                let seconds = Self.time(copies, tokens: count, isPrompt: phase == "prompt", backend)
                let limits = before.best(
                    with: MachineLimits(
                        readBytesPerS: try probe.readBandwidth(), flopsPerS: probe.arithmeticPeak(dtype)))
                let (read, flops) = (Double(bytes) / seconds, 2 * Double(tensor.elementCount * count) / seconds)
                results.append(
                    Result(
                        matrix: tensor.name, rows: tensor.shape[0], columns: tensor.shape[1], phase: phase,
                        tokens: count,
                        dtype: dtype.rawValue, kernels: kernels.rawValue,
                        weights: copies[0].isCompact ? "compact" : "plain", threads: backend.threads, seconds: seconds,
                        bytesPerS: read, flopsPerS: flops, bandwidthShare: read / limits.readBytesPerS,
                        computeShare: flops / limits.flopsPerS))
            }
        }
        return results
    }

    /// One tensor of each shape among the model's matrices.
    private func matrices() -> [StoredTensor] {
        var seen: Set<[Int]> = []
        return source.checkpoint.tensorNames.compactMap { source.checkpoint.tensor($0) }
            .filter { $0.shape.count == 2 && seen.insert($0.shape).inserted }
    }

    /// Median seconds of a product, over every copy at least once.
    private static func time(_ copies: [PackedMatrix], tokens: Int, isPrompt: Bool, _ backend: Backend) -> Double {
        let (x, y) = (
            Activations(width: copies[0].columns, rows: tokens), Activations(width: copies[0].rows, rows: tokens)
        )
        for row in 0..<tokens {
            let values = (0..<x.width).map { column -> Float in
                let step = (column * 31 + row * 17) % 201 - 100
                return Float(step) / 100
            }
            x.setRow(row, backend.dtype.rounded(values))
        }
        var batch = TokenBatch.generated(rows: tokens)
        let sequence = KVCache(layers: 1, kvHeads: 1, headDim: 2, dtype: backend.dtype).makeSequence()
        if isPrompt {
            batch = TokenBatch()
            sequence.grow(by: tokens)
            batch.append(sequence: sequence, count: tokens, phase: .prompt)
        }
        let clock = ContinuousClock()
        func call(_ index: Int) -> Double {
            clock.measure { backend.linear(x, copies[index % copies.count], bias: nil, batch: batch, into: y) }.seconds
        }
        _ = call(0)
        var times: [Double] = []
        let start = clock.now
        while times.count < max(5, copies.count) || (clock.now - start).seconds < 0.1 {
            times.append(call(times.count))
        }
        return max(times.sorted()[times.count / 2], 1e-9)
    }

    static func table(_ results: [Result]) -> String {
        let header =
            "| matrix | shape | tokens | dtype | threads | kernels | ms | GB/s | of limit | GFLOP/s | of limit |"
        func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
        let rows = results.map { result in
            let cells = [
                result.matrix, "\(result.rows) × \(result.columns)", "\(result.tokens) \(result.phase)",
                result.dtype + (result.weights == "plain" ? "" : ", \(result.weights)"),
                "\(result.threads)", result.kernels, fixed(result.seconds * 1000, 3), fixed(result.bytesPerS / 1e9, 1),
                fixed(result.bandwidthShare * 100, 0) + " %", fixed(result.flopsPerS / 1e9, 0),
                fixed(result.computeShare * 100, 0) + " %",
            ]
            return "| " + cells.joined(separator: " | ") + " |"
        }
        return ([header, "|---|---|---|---|---:|---|---:|---:|---:|---:|---:|"] + rows).joined(separator: "\n") + "\n"
    }
}
