import CKernels
import Testing

@testable import Tensors

@Suite struct LinearTests {
    struct Kernel: CustomTestStringConvertible {
        let isa: InstructionSet
        let dtype: DType
        var testDescription: String { "\(isa.name) \(dtype.rawValue)" }
    }

    static let kernels = InstructionSet.available.flatMap { isa in DType.allCases.map { Kernel(isa: isa, dtype: $0) } }
    static let shapes = [(172, 64), (520, 172), (1, 171), (33, 2048), (64, 1), (31, 577)]

    /// Every kernel against double precision: the sum's error grows with K, then comes one rounding to the dtype.
    @Test(arguments: kernels, shapes)
    func agreesWithReference(kernel: Kernel, shape: (Int, Int)) throws {
        let (n, k) = shape
        let backend = try Backend(dtype: kernel.dtype, threads: 2, kernels: .native, instructionSet: kernel.isa)
        let w = try matrix(rows: n, columns: k, seed: 1, backend: backend)
        let bias = Vector((0..<n).map { noise($0, seed: 3) }, dtype: kernel.dtype)
        let offsets = bias.values
        let unit: Double = [.fp32: 6e-8, .bf16: 1.0 / 256, .fp16: 1.0 / 2048][kernel.dtype] ?? 0
        for rows in [1, 3, 13] {
            let x = activations(rows: rows, width: k, seed: 2, dtype: kernel.dtype)
            let y = Activations(width: n, rows: rows)
            backend.linear(x, w, bias: bias, batch: .generated(rows: rows), into: y)
            var exact = [Double](repeating: 0, count: rows * n)
            var kernelMatrix = w.kernelMatrix
            yb_linear_reference(&kernelMatrix, x.base, rows, &exact)
            for row in 0..<rows {
                let wrong = (0..<n).filter { column in
                    let expected = exact[row * n + column] + Double(offsets[column])
                    let tolerance = abs(expected) * unit + Double(k).squareRoot() * 3e-6
                    return !(abs(Double(y[row, column]) - expected) <= tolerance)
                }
                #expect(wrong.isEmpty, "row \(row), columns \(wrong)")
            }
        }
    }

    /// A row's bits do not depend on how many rows there are, its place, or the threads.
    @Test(arguments: kernels)
    func rowsAreIndependent(kernel: Kernel) throws {
        let (n, k, most) = (172, 171, 70)
        let x = activations(rows: most, width: k, seed: 5, dtype: kernel.dtype)
        var expected: [[UInt32]] = []
        for threads in [1, 2] {
            let backend = try Backend(
                dtype: kernel.dtype, threads: threads, kernels: .native, instructionSet: kernel.isa)
            let w = try matrix(rows: n, columns: k, seed: 4, backend: backend)
            let y = Activations(width: n, rows: most)
            if expected.isEmpty {
                let one = Activations(width: k, rows: 1)
                for row in 0..<most {
                    one.setRow(0, x.row(row))
                    backend.linear(one, w, bias: nil, batch: .generated(rows: 1), into: y)
                    expected.append(bits(y, row: 0))
                }
            }
            for rows in 1...most {
                backend.linear(x, w, bias: nil, batch: .generated(rows: rows), into: y)
                #expect((0..<rows).allSatisfy { bits(y, row: $0) == expected[$0] }, "\(rows) rows")
            }
        }
    }

    /// Two products and their gated product at once have the bits of one after the other, whoever multiplies.
    @Test(arguments: kernels, [(172, 64), (520, 172), (31, 577), (2, 2048)])
    func gatedAtOnceIsGatedAfterwards(kernel: Kernel, shape: (Int, Int)) throws {
        let (n, k) = shape
        for kernels in [KernelPolicy.native, .openblas] {
            let backend = try Backend(
                dtype: kernel.dtype, threads: 2, kernels: kernels, instructionSet: kernel.isa)
            let (w, v) = (
                try matrix(rows: n, columns: k, seed: 1, backend: backend),
                try matrix(rows: n, columns: k, seed: 2, backend: backend)
            )
            let bias = Vector((0..<n).map { noise($0, seed: 3) }, dtype: kernel.dtype)
            for rows in [1, 7, 30] {
                let x = activations(rows: rows, width: k, seed: 4, dtype: kernel.dtype)
                let outs = (0..<4).map { _ in Activations(width: n, rows: rows) }
                let cache = KVCache(layers: 1, kvHeads: 1, headDim: 8, dtype: kernel.dtype)
                let step = batch([(cache.makeSequence(), rows)], .prompt)
                backend.linear(
                    x, batch: step, [LinearOutput(w, bias: bias, into: outs[0]), LinearOutput(v, into: outs[1])])
                backend.gatedProduct(activated: outs[0], gate: outs[1], rows: rows, into: outs[0])
                backend.gatedLinear(
                    x, batch: step, activated: LinearOutput(w, bias: bias, into: outs[2]),
                    gate: LinearOutput(v, into: outs[3]))
                #expect((0..<rows).allSatisfy { bits(outs[2], row: $0) == bits(outs[0], row: $0) }, "\(rows) rows")
            }
        }
    }

    /// Prompt rows through OpenBLAS: right, and the same whole, in chunks, in company and on other threads.
    @Test(arguments: DType.allCases)
    func openBLASTilesFollowThePosition(dtype: DType) throws {
        let (n, k, length) = (200, 172, 150)
        let x = activations(rows: length, width: k, seed: 6, dtype: dtype)
        var first: [[UInt32]] = []
        for threads in [1, 2, 3] {
            let backend = try Backend(dtype: dtype, threads: threads, kernels: .openblas)
            try #require(backend.promptProduct != nil)
            #expect(backend.description.batchInvariant)
            let w = try matrix(rows: n, columns: k, seed: 7, backend: backend)
            let bias = Vector((0..<n).map { noise($0, seed: 8) }, dtype: dtype)
            let cache = KVCache(layers: 1, kvHeads: 1, headDim: 8, dtype: dtype)
            let y = Activations(width: n, rows: length)
            backend.linear(
                x, w, bias: bias, batch: batch([(cache.makeSequence(), length)], .prompt), into: y)
            let whole = (0..<length).map { bits(y, row: $0) }
            if first.isEmpty { first = whole }
            #expect(whole == first)

            let offsets = bias.values
            var exact = [Double](repeating: 0, count: length * n)
            var kernelMatrix = w.kernelMatrix
            yb_linear_reference(&kernelMatrix, x.base, length, &exact)
            for row in 0..<length {
                let wrong = (0..<n).filter { column in
                    let expected = exact[row * n + column] + Double(offsets[column])
                    return !(abs(Double(y[row, column]) - expected) <= 1e-4 + abs(expected) / 256)
                }
                #expect(wrong.isEmpty, "row \(row), columns \(wrong)")
            }

            // In chunks, with a generated row and another sequence's prompt in the same step.
            let (sequence, other, third) = (cache.makeSequence(), cache.makeSequence(), cache.makeSequence())
            var done = 0
            for chunk in [1, 5, 58, 64, 22] {
                other.grow(by: 1)
                third.grow(by: 3)
                sequence.grow(by: chunk)
                var step = TokenBatch()
                step.append(sequence: other, count: 1, phase: .generated)
                step.append(sequence: sequence, count: chunk, phase: .prompt)
                step.append(sequence: third, count: 3, phase: .prompt)
                let rows = Activations(width: k, rows: step.rows)
                for i in 0..<chunk { rows.setRow(1 + i, x.row(done + i)) }
                for i in [0, chunk + 1, chunk + 2, chunk + 3] { rows.setRow(i, x.row(i)) }
                let out = Activations(width: n, rows: step.rows)
                backend.linear(rows, w, bias: bias, batch: step, into: out)
                #expect((0..<chunk).allSatisfy { bits(out, row: 1 + $0) == first[done + $0] })
                let single = Activations(width: n, rows: 1)
                backend.linear(rows, w, bias: bias, batch: .generated(rows: 1), into: single)
                #expect(bits(out, row: 0) == bits(single, row: 0))
                sequence.advance(chunk)
                done += chunk
            }
        }
    }
}
