import Foundation
import Testing

@testable import Tensors

@Suite struct RowOperatorTests {
    static let backends = InstructionSet.available.flatMap { isa in
        DType.allCases.map { LinearTests.Kernel(isa: isa, dtype: $0) }
    }

    /// Whether `actual` is one of the exact values rounded, or lies between them: an inner rounding may fall on either
    /// side of a tie, which is why there are two.
    func isClose(_ actual: Float, _ exact: [Double], _ dtype: DType) -> Bool {
        let bounds = exact.flatMap { value in
            [-1.0, 1.0].map { dtype.rounded(Float(value + $0 * (abs(value) * 6e-7 + 1e-30))) }
        }
        guard let low = bounds.min(), let high = bounds.max() else { return false }
        return (low...high).contains(actual)
    }

    @Test(arguments: backends, [16, 75, 576])
    func rmsNorm(kernel: LinearTests.Kernel, width: Int) throws {
        let dtype = kernel.dtype
        let backend = try Backend(dtype: dtype, threads: 2, kernels: .native, instructionSet: kernel.isa)
        let x = activations(rows: 40, width: width, seed: 11, dtype: dtype)
        let weight = Vector((0..<width).map { 1 + noise($0, seed: 12) }, dtype: dtype)
        let out = Activations(width: width, rows: 40)
        backend.rmsNorm(x, weight: weight, epsilon: 1e-6, rows: 40, into: out)
        for row in 0..<40 {
            let values = x.row(row).map(Double.init)
            let scale = 1 / (values.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-6).squareRoot()
            var wrong: [Int] = []
            for column in 0..<width {
                // The inner rounding may fall on either side of a tie: allow both.
                let unit = [1 - 4e-7, 1 + 4e-7].map { dtype.rounded(Float(values[column] * scale * $0)) }
                let allowed = unit.map { Double($0) * Double(weight.values[column]) }
                if !isClose(out[row, column], allowed, dtype) { wrong.append(column) }
            }
            #expect(wrong.isEmpty, "row \(row), columns \(wrong)")
        }
        let again = activations(rows: 40, width: width, seed: 11, dtype: dtype)
        backend.rmsNorm(again, weight: weight, epsilon: 1e-6, rows: 40, into: again)
        #expect((0..<40).allSatisfy { bits(again, row: $0) == bits(out, row: $0) }, "in place")
    }

    @Test(arguments: backends)
    func gatedProduct(kernel: LinearTests.Kernel) throws {
        let (dtype, width) = (kernel.dtype, 101)
        let backend = try Backend(dtype: dtype, threads: 2, kernels: .native, instructionSet: kernel.isa)
        let activated = activations(rows: 200, width: width, seed: 13, dtype: dtype)
        let scaled = Activations(width: width, rows: 200)
        for row in 0..<200 { scaled.setRow(row, dtype.rounded(activated.row(row).map { $0 * Float(row) / 2 })) }
        let gate = activations(rows: 200, width: width, seed: 14, dtype: dtype)
        let out = Activations(width: width, rows: 200)
        backend.gatedProduct(activated: scaled, gate: gate, rows: 200, into: out)
        for row in 0..<200 {
            var wrong: [String] = []
            for column in 0..<width {
                let a = Double(scaled[row, column])
                let silu = [1 - 6e-7, 1 + 6e-7].map { dtype.rounded(Float(a / (1 + exp(-a)) * $0)) }
                let allowed = silu.map { Double($0) * Double(gate[row, column]) }
                if !isClose(out[row, column], allowed, dtype) { wrong.append("silu(\(a)) → \(out[row, column])") }
            }
            #expect(wrong.isEmpty, "row \(row): \(wrong)")
        }
    }

    @Test func siluOfExtremes() throws {
        for isa in InstructionSet.available {
            let backend = try Backend(dtype: .fp32, threads: 1, kernels: .native, instructionSet: isa)
            let (a, one) = (Activations(width: 6, rows: 1), Activations(width: 6, rows: 1))
            a.setRow(0, [.nan, .infinity, 100, -87, -200, 0])
            one.setRow(0, Array(repeating: 1, count: 6))
            backend.gatedProduct(activated: a, gate: one, rows: 1, into: a)
            #expect(a[0, 0].isNaN && a[0, 1] == .infinity && a[0, 2] == 100)
            #expect(abs(Double(a[0, 3]) / (-87 * exp(-87)) - 1) < 1e-6)
            #expect(a[0, 4] == 0 && a[0, 5] == 0)
        }
    }

    @Test(arguments: backends)
    func addRounds(kernel: LinearTests.Kernel) throws {
        let (dtype, width) = (kernel.dtype, 1030)
        let backend = try Backend(dtype: dtype, threads: 3, kernels: .native, instructionSet: kernel.isa)
        let x = activations(rows: 50, width: width, seed: 15, dtype: dtype)
        let h = activations(rows: 50, width: width, seed: 16, dtype: dtype)
        let before = (0..<50).map { h.row($0) }
        backend.add(x, to: h, rows: 49)
        for row in 0..<49 {
            #expect(h.row(row) == dtype.rounded(zip(before[row], x.row(row)).map(+)))
        }
        #expect(h.row(49) == before[49], "rows beyond those asked for stay")
    }

    @Test(arguments: backends, [8, 64, 80])
    func rotation(kernel: LinearTests.Kernel, headDim: Int) throws {
        let (dtype, heads, half) = (kernel.dtype, 3, headDim / 2)
        let backend = try Backend(dtype: dtype, threads: 2, kernels: .native, instructionSet: kernel.isa)
        let table = RotaryTable(headDim: headDim, theta: 10000, maxPositions: 4096, dtype: dtype)
        let x = activations(rows: 30, width: heads * headDim, seed: 17, dtype: dtype)
        let before = (0..<30).map { x.row($0) }
        let sequence = KVCache(layers: 1, kvHeads: 1, headDim: 8, dtype: dtype).makeSequence()
        sequence.grow(by: 300)
        sequence.advance(270)
        var step = TokenBatch()
        step.append(sequence: sequence, count: 30, phase: .prompt)
        backend.rotate(x, heads: heads, table: table, batch: step)
        let unit: Float = dtype == .fp32 ? 0 : dtype == .bf16 ? 1.0 / 256 : 1.0 / 2048
        for row in 0..<30 {
            let line = table.line(270 + row)
            var wrong: [Int] = []
            for column in 0..<heads * headDim {
                let (d, j) = (column % headDim, column % headDim % half)
                // Angles near 300 have an error of 2^-16 in fp32, as in the reference.
                let angle = Double(270 + row) * pow(10000, -2 * Double(j) / Double(headDim))
                let (c, s) = (Float(cos(angle)), Float(sin(angle)))
                let tableIsRight =
                    abs(line.cosines[j] - c) <= 4e-5 + abs(c) * unit && abs(line.sines[j] - s) <= 4e-5 + abs(s) * unit
                let partner = before[row][d < half ? column + half : column - half]
                let turned = dtype.rounded(partner * line.sines[j])
                let straight = dtype.rounded(before[row][column] * line.cosines[j])
                let expected = dtype.rounded(d < half ? straight - turned : straight + turned)
                if !tableIsRight || x[row, column] != expected { wrong.append(column) }
            }
            #expect(wrong.isEmpty, "row \(row), columns \(wrong)")
        }
    }

    /// bf16 angles: at large positions they are whole radians off, as in Yuan2's trainer.
    @Test func rotationAngles() {
        let exact = RotaryTable(headDim: 64, theta: 10000, maxPositions: 8192, dtype: .fp32)
        let coarse = RotaryTable(headDim: 64, theta: 10000, maxPositions: 8192, dtype: .fp32, angles: .bf16)
        #expect(exact.line(1).cosines[0] == Float(cos(1.0)))
        #expect(exact.line(1001).cosines[0] == Float(cos(1001.0)))
        #expect(coarse.line(1001).cosines[0] == Float(cos(1000.0)), "1001 rounds to 1000 in bf16")
        let frequency = DType.bf16.rounded(Float(1 / pow(10000, 1.0 / 32)))
        #expect(coarse.line(3).sines[1] == Float(sin(Double(DType.bf16.rounded(frequency * 3)))))
        let scaled = RotaryTable(
            headDim: 4, theta: 10000, maxPositions: 10, dtype: .fp32, frequencyScaling: [1, 0.5])
        #expect(abs(scaled.line(8).sines[1] - Float(sin(0.04))) < 1e-7)
    }

    @Test func shiftRemembersTheLastRow() throws {
        let backend = try Backend(dtype: .fp32, threads: 2, kernels: .native)
        let cache = KVCache(layers: 2, kvHeads: 1, headDim: 8, dtype: .fp32, shiftWidths: [5, 3])
        let (a, b) = (cache.makeSequence(), cache.makeSequence())
        let x = activations(rows: 6, width: 3, seed: 18, dtype: .fp32)
        let out = Activations(width: 6, rows: 6)
        let zero: [Float] = [0, 0, 0]
        backend.shiftConcat(x, slot: 1, layer: 1, batch: batch([(a, 2), (b, 1)], .prompt), into: out)
        #expect(out.row(0) == zero + x.row(0))
        #expect(out.row(1) == x.row(0) + x.row(1))
        #expect(out.row(2) == zero + x.row(2))
        backend.shiftConcat(x, slot: 1, layer: 1, batch: batch([(b, 1), (a, 3)], .prompt), into: out)
        #expect(out.row(0) == x.row(2) + x.row(0))
        #expect(out.row(1) == x.row(1) + x.row(1))
        #expect(out.row(3) == x.row(2) + x.row(3))
        backend.shiftConcat(x, slot: 1, layer: 0, batch: batch([(a, 1)], .prompt), into: out)
        #expect(out.row(0) == zero + x.row(0), "layers are apart")
    }

    @Test func topKTakesTheLowestIDOnTies() throws {
        let backend = try Backend(dtype: .fp32, threads: 1, kernels: .native)
        let logits = Activations(width: 8, rows: 2)
        logits.setRow(1, [1, .nan, 5, -.infinity, 5, 2, 2, 9])
        let all = backend.topK(5, row: 1, of: logits)
        #expect(all.top.map(\.id) == [7, 2, 4, 5, 6] && all.top.map(\.logit) == [9, 5, 5, 2, 2])
        #expect(all.nonFinite == 2)
        let limited = backend.topK(1, row: 1, of: logits, limit: 7)
        #expect(limited.top.map(\.id) == [2])
        #expect(backend.topK(20, row: 1, of: logits).top.map(\.id) == [7, 2, 4, 5, 6, 0, 3])
        #expect(backend.topK(3, row: 0, of: logits).top.map(\.id) == [0, 1, 2])
        logits.setRow(0, Array(repeating: .nan, count: 8))
        #expect(backend.topK(1, row: 0, of: logits).top.isEmpty)
    }

    /// Rows longer than one task looks at, in every instruction set: the first of equals wins wherever it stands.
    @Test(arguments: InstructionSet.available)
    func topOfLongRowsIsTheFirstHighest(isa: InstructionSet) throws {
        let width = 40_013
        let backend = try Backend(dtype: .fp32, threads: 2, kernels: .native, instructionSet: isa)
        let logits = activations(rows: 4, width: width, seed: 40, dtype: .fp32)
        var row = logits.row(1)
        for id in [16_383, 16_390, 33_000, 40_012] { row[id] = 3 }
        for id in [5, 20_000] { row[id] = id == 5 ? .nan : -.infinity }
        logits.setRow(1, row)
        logits.setRow(2, Array(repeating: -.infinity, count: width))
        row = logits.row(3)
        row[width - 1] = .infinity
        logits.setRow(3, row)
        for count in [1, 3] {
            let best = backend.topK(count, rows: 4, of: logits)
            let plain = logits.row(0)
            #expect(best[0].top.first?.id == plain.firstIndex(of: plain.max() ?? 0))
            #expect(best[1].top.map(\.id) == Array([16_383, 16_390, 33_000].prefix(count)))
            #expect(best[1].nonFinite == 2 && best[0].nonFinite == 0 && best[2].nonFinite == width)
            #expect(best[2].top.map(\.id) == Array(0..<count))
            #expect(best[3].top.first?.id == width - 1 && best[3].nonFinite == 1)
        }
    }

    @Test func gatherCopiesRows() throws {
        let backend = try Backend(dtype: .fp32, threads: 1, kernels: .native)
        let x = activations(rows: 4, width: 3, seed: 19, dtype: .fp32)
        let out = Activations(width: 3, rows: 2)
        backend.gather(rows: [3, 1], of: x, into: out)
        #expect(out.row(0) == x.row(3) && out.row(1) == x.row(1))
    }
}
