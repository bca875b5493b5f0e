import Foundation
import Testing

@testable import Tensors

@Suite struct AttentionTests {
    struct Shape: CustomTestStringConvertible {
        let heads, kvHeads, headDim: Int
        var testDescription: String { "\(heads) heads, \(kvHeads) kv heads of \(headDim)" }
    }

    static let shapes = [
        Shape(heads: 2, kvHeads: 2, headDim: 64), Shape(heads: 9, kvHeads: 3, headDim: 16),
        Shape(heads: 4, kvHeads: 1, headDim: 40),
    ]

    /// Queries, keys and values of one sequence.
    struct Input {
        let length: Int
        let q, k, v: Activations

        init(length: Int, shape: Shape, dtype: DType, seed: Int) {
            self.length = length
            q = activations(rows: length, width: shape.heads * shape.headDim, seed: seed, dtype: dtype)
            k = activations(rows: length, width: shape.kvHeads * shape.headDim, seed: seed + 1, dtype: dtype)
            v = activations(rows: length, width: shape.kvHeads * shape.headDim, seed: seed + 2, dtype: dtype)
            // Sharper scores than noise gives, so that weights differ.
            for row in 0..<length { q.setRow(row, dtype.rounded(q.row(row).map { $0 * 8 })) }
        }
    }

    /// softmax(q · k / √d) · v in double precision with plain loops.
    func reference(_ input: Input, _ shape: Shape, firstVisible: [Int32]?) -> [[Double]] {
        let dim = shape.headDim
        return (0..<input.length).map { row in
            (0..<shape.heads).flatMap { head -> [Double] in
                let base = head / (shape.heads / shape.kvHeads) * dim
                let visible = Int(firstVisible?[row] ?? 0)...row
                let scores = visible.map { p in
                    (0..<dim).reduce(0.0) {
                        $0 + Double(input.q[row, head * dim + $1]) * Double(input.k[p, base + $1])
                    } / Double(dim).squareRoot()
                }
                let top = scores.max() ?? 0
                let weights = scores.map { exp($0 - top) }
                let total = weights.reduce(0, +)
                return (0..<dim).map { d in
                    zip(visible, weights).reduce(0.0) { $0 + $1.1 * Double(input.v[$1.0, base + d]) } / total
                }
            }
        }
    }

    /// Runs the sequence in the given chunks, with `company` other sequences in every step; rows' bits.
    func run(
        _ backend: Backend, _ input: Input, _ shape: Shape, chunks: [Int], firstVisible: [Int32]?, company: Int = 0
    ) -> [[UInt32]] {
        let cache = KVCache(layers: 2, kvHeads: shape.kvHeads, headDim: shape.headDim, dtype: backend.dtype)
        let sequence = cache.makeSequence()
        let others = (0..<company).map { _ in cache.makeSequence() }
        let width = shape.heads * shape.headDim
        var result: [[UInt32]] = []
        var done = 0
        for chunk in chunks {
            var step = TokenBatch()
            for other in others {
                other.grow(by: 1)
                step.append(sequence: other, count: 1, phase: .generated)
            }
            sequence.grow(by: chunk)
            step.append(
                sequence: sequence, count: chunk, phase: .prompt,
                firstVisible: firstVisible.map { Array($0[done..<done + chunk]) })
            let (q, k, v) = (
                Activations(width: width, rows: step.rows), Activations(width: input.k.width, rows: step.rows),
                Activations(width: input.v.width, rows: step.rows)
            )
            for i in 0..<step.rows {
                let row = i < company ? (done + i) % input.length : done + i - company
                q.setRow(i, input.q.row(row))
                k.setRow(i, input.k.row(row))
                v.setRow(i, input.v.row(row))
            }
            let out = Activations(width: width, rows: step.rows)
            backend.appendKeysValues(k: k, v: v, layer: 1, batch: step)
            backend.attention(
                q: q, layer: 1, heads: shape.heads, kvHeads: shape.kvHeads, headDim: shape.headDim, batch: step,
                into: out)
            result += (0..<chunk).map { bits(out, row: company + $0) }
            sequence.advance(chunk)
            for other in others { other.advance(1) }
            done += chunk
        }
        return result
    }

    @Test(arguments: LinearTests.kernels, shapes)
    func agreesWithReferenceInAnyChunks(kernel: LinearTests.Kernel, shape: Shape) throws {
        let (dtype, length) = (kernel.dtype, 150)
        let input = Input(length: length, shape: shape, dtype: dtype, seed: 20)
        let resets = (0..<length).map { Int32($0 > 70 ? 71 : $0 > 9 ? 10 : 0) }
        for firstVisible in [nil, resets] {
            let exact = reference(input, shape, firstVisible: firstVisible)
            var whole: [[UInt32]] = []
            for threads in [1, 2] {
                let backend = try Backend(
                    dtype: dtype, threads: threads, kernels: .native, instructionSet: kernel.isa)
                if threads == 1 {
                    whole = run(backend, input, shape, chunks: [length], firstVisible: firstVisible)
                    let unit = dtype == .fp32 ? 0 : dtype == .bf16 ? 1.0 / 256 : 1.0 / 2048
                    for (row, expected) in exact.enumerated() {
                        let wrong = expected.indices.filter {
                            let difference = abs(Double(Float(bitPattern: whole[row][$0])) - expected[$0])
                            return !(difference <= 4e-6 + abs(expected[$0]) * unit)
                        }
                        #expect(wrong.isEmpty, "row \(row), columns \(wrong)")
                    }
                }
                for chunks in [[length], [1, 62, 2, 85], [130] + Array(repeating: 1, count: 20)] {
                    for company in [0, 3] {
                        let again = run(
                            backend, input, shape, chunks: chunks, firstVisible: firstVisible, company: company)
                        #expect(again == whole, "chunks \(chunks), company \(company), threads \(threads)")
                    }
                }
            }
        }
    }

    /// What a product fetches for the attention behind it: its layer's part of every page, of shared pages once.
    @Test func aheadLieTheLayersPartsOfAllPages() throws {
        let backend = try Backend(dtype: .bf16, threads: 1, kernels: .native)
        let cache = KVCache(layers: 3, kvHeads: 2, headDim: 24, dtype: .bf16)
        // Keys [2][24][64], values [2][64][32].
        let layerBytes = 2 * (24 * 64 + 64 * 32) * 2
        let (owner, heir) = (cache.makeSequence(), cache.makeSequence())
        owner.grow(by: 128)
        owner.advance(128)
        heir.adopt(owner.prefix())
        let step = batch([(owner, 1), (heir, 70)], .prompt)
        backend.lookAhead(layer: 2, batch: step)
        let pages = try [
            owner.pageTable[0], owner.pageTable[1], owner.pageTable[2], heir.pageTable[2], heir.pageTable[3],
        ]
        .map { try #require($0) }
        #expect(heir.pageTable[1] == owner.pageTable[1])
        #expect(
            backend.rangesAhead.map { UnsafeRawPointer($0.start) }
                == pages.map { UnsafeRawPointer($0 + 2 * layerBytes) })
        #expect(backend.rangesAhead.allSatisfy { $0.bytes == layerBytes })
        for layer in [nil, 3] {
            backend.lookAhead(layer: layer, batch: step)
            #expect(backend.rangesAhead.isEmpty)
        }
    }

    /// An infinite value is met only by the positions that see it.
    @Test(arguments: InstructionSet.available)
    func infinityStaysWithThoseWhoSeeIt(isa: InstructionSet) throws {
        let shape = Shape(heads: 1, kvHeads: 1, headDim: 16)
        let input = Input(length: 40, shape: shape, dtype: .fp16, seed: 30)
        input.v.setRow(21, Array(repeating: .infinity, count: 16))
        let firstVisible = (0..<40).map { Int32($0 > 25 ? 26 : 0) }
        let backend = try Backend(dtype: .fp16, threads: 1, kernels: .native, instructionSet: isa)
        let rows = run(backend, input, shape, chunks: [40], firstVisible: firstVisible)
        for (row, values) in rows.enumerated() {
            #expect(values.allSatisfy { Float(bitPattern: $0).isFinite == !(21...25).contains(row) }, "row \(row)")
        }
    }

    @Test func pagesAreCountedAndReused() {
        let cache = KVCache(layers: 3, kvHeads: 2, headDim: 40, dtype: .bf16, shiftWidths: [10])
        #expect(cache.pageBytes == 3 * 2 * 64 * (40 + 48) * 2)
        let shift = 3 * 10 * 4
        do {
            let (a, b) = (cache.makeSequence(), cache.makeSequence())
            a.grow(by: 64)
            #expect(cache.bytesInUse == cache.pageBytes + 2 * shift)
            a.advance(64)
            a.grow(by: 1)
            b.grow(by: 1000)
            #expect(cache.bytesInUse == 18 * cache.pageBytes + 2 * shift)
            a.release()
            #expect(a.length == 0 && cache.bytesInUse == 16 * cache.pageBytes + 2 * shift)
        }
        #expect(cache.bytesInUse == 0)
        #expect(cache.peakBytes == 18 * cache.pageBytes + 2 * shift)
    }

    @Test func attentionStartsAnewAfterTheResetToken() {
        let sequence = KVCache(layers: 1, kvHeads: 1, headDim: 8, dtype: .fp32).makeSequence()
        #expect(sequence.attentionStarts(of: [5, 6], resetAfter: 9) == nil)
        sequence.grow(by: 8)
        sequence.advance(2)
        #expect(sequence.attentionStarts(of: [9, 5, 9], resetAfter: 9) == [0, 3, 3])
        sequence.advance(3)
        #expect(sequence.attentionStarts(of: [1], resetAfter: 9) == [5])
        sequence.release()
        #expect(sequence.attentionStarts(of: [1], resetAfter: 9) == nil)
    }
}
