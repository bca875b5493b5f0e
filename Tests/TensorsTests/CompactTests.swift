import CKernels
import Testing

@testable import Tensors

/// Weights in 12 bits: the same numbers as in 16 or 32, and the same products bit by bit.
@Suite(.enabled(if: InstructionSet.detected.multipliesCompactWeights, "needs a processor with AVX2"))
struct CompactTests {
    static let sets = InstructionSet.available.filter(\.multipliesCompactWeights)
    static let shapes = [(172, 64), (520, 172), (1, 576), (33, 2048), (64, 4), (160, 1028)]

    /// Like weights of a bf16 model, with some that no code stands for.
    private static func weight(_ index: Int) -> Float {
        let value = noise(index, seed: 1) * noise(index, seed: 2) / 16
        let odd: [Float] = [
            0, -0.0, 1e30, -3e-30, .infinity, -.infinity, .leastNonzeroMagnitude * 0x1p120,
            Float(bitPattern: 0x7fa1_0000),
        ]
        return DType.bf16.rounded([index % 997 == 0 ? odd[index / 997 % odd.count] : value])[0]
    }

    /// The same bits, or none of the two a number.
    private func same(_ a: [Float], _ b: [Float]) -> Bool {
        zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
    }

    private func matrix(_ rows: Int, _ columns: Int, _ backend: Backend, seed: Int = 0) throws -> PackedMatrix {
        try PackedMatrix.pack(rows: rows, columns: columns, backend: backend) { range, target in
            for i in 0..<range.count * columns {
                target[i] = Self.weight(range.lowerBound * columns + i + seed * 7919)
            }
        }
    }

    private func backends(
        _ set: InstructionSet, _ dtype: DType, _ kernels: KernelPolicy = .native
    ) throws -> (plain: Backend, compact: Backend) {
        func backend(compact: Bool) throws -> Backend {
            try Backend(
                dtype: dtype, threads: 2, kernels: kernels, packsCompactly: compact, instructionSet: set)
        }
        return (try backend(compact: false), try backend(compact: true))
    }

    @Test(arguments: shapes, sets)
    func rowsComeBack(shape: (Int, Int), set: InstructionSet) throws {
        let (rows, columns) = shape
        for dtype in DType.allCases {
            let (plain, compact) = try backends(set, dtype)
            let (a, b) = (try matrix(rows, columns, plain), try matrix(rows, columns, compact))
            #expect(b.isCompact && !a.isCompact)
            #expect(b.changedValues == a.changedValues && b.nonFiniteValues == a.nonFiniteValues)
            if columns >= 2048 {
                #expect(Double(b.byteCount) < (dtype == .fp32 ? 0.39 : 0.77) * Double(a.byteCount))
            }
            let stored = try PackedMatrix.packStored(rows: rows, columns: columns, backend: compact) { range, target in
                for (slot, row) in range.enumerated() {
                    let place = target + slot * columns * dtype.byteCount
                    yb_encode(set.kernelISA, dtype.kernelType, place, a.row(row), columns)
                }
            }
            #expect(stored.isCompact)
            for row in 0..<rows {
                #expect(same(a.row(row), b.row(row)), "\(dtype), row \(row)")
                #expect(same(a.row(row), stored.row(row)), "\(dtype), stored row \(row)")
            }
        }
    }

    @Test(
        arguments: sets.flatMap { set in shapes.map { (set, $0) } },
        DType.allCases.flatMap { dtype in [KernelPolicy.native, .openblas].map { (dtype, $0) } })
    func productsHaveTheSameBits(
        place: (set: InstructionSet, shape: (Int, Int)), how: (dtype: DType, policy: KernelPolicy)
    ) throws {
        let (n, k) = place.shape
        let (plain, compact) = try backends(place.set, how.dtype, how.policy)
        // Finite weights: sums that are not numbers would all look alike.
        func finite(_ backend: Backend, seed: Int) throws -> PackedMatrix {
            try PackedMatrix.pack(rows: n, columns: k, backend: backend) { range, target in
                for i in 0..<range.count * k {
                    let value = Self.weight(range.lowerBound * k + i + seed * 7919)
                    target[i] = value.isFinite && abs(value) < 1e20 ? value : 0x1.8p-24
                }
            }
        }
        let weights = (
            plain: [try finite(plain, seed: 0), try finite(plain, seed: 1)],
            // Both layouts in one product, as where one matrix does not lend itself.
            compact: [try finite(compact, seed: 0), try finite(plain, seed: 1)]
        )
        #expect(weights.compact[0].isCompact)
        let bias = Vector((0..<n).map { noise($0, seed: 3) }, dtype: how.dtype)
        for rows in [1, 2, 3, 5, 6, 11, 12, 13, 24, 40, 200] {
            let x = activations(rows: rows, width: k, seed: 4, dtype: how.dtype)
            let outs = (0..<4).map { _ in Activations(width: n, rows: rows) }
            let cache = KVCache(layers: 1, kvHeads: 1, headDim: 8, dtype: how.dtype)
            let step = batch([(cache.makeSequence(), rows)], .prompt)
            for (backend, pair, slot) in [(plain, weights.plain, 0), (compact, weights.compact, 2)] {
                backend.linear(
                    x, batch: step,
                    [LinearOutput(pair[0], bias: bias, into: outs[slot]), LinearOutput(pair[1], into: outs[slot + 1])])
            }
            for output in 0..<2 {
                #expect(
                    (0..<rows).allSatisfy { bits(outs[output], row: $0) == bits(outs[output + 2], row: $0) },
                    "\(rows) rows, output \(output)")
            }
            gated(plain, x, step, weights.plain, outs[0], outs[1])
            gated(compact, x, step, weights.compact, outs[2], outs[3])
            #expect((0..<rows).allSatisfy { bits(outs[0], row: $0) == bits(outs[2], row: $0) }, "\(rows) rows, gated")
        }
    }

    private func gated(
        _ backend: Backend, _ x: Activations, _ step: TokenBatch, _ weights: [PackedMatrix], _ out: Activations,
        _ room: Activations
    ) {
        backend.gatedLinear(
            x, batch: step, activated: LinearOutput(weights[0], into: out), gate: LinearOutput(weights[1], into: room))
    }

    /// Where too many weights have no code, the matrix is plain, and right.
    @Test func othersStayPlain() throws {
        let (_, compact) = try backends(.detected, .bf16)
        let (rows, columns) = (70, 256)
        @Sendable func value(_ index: Int) -> Float {
            noise(index) * Float(sign: .plus, exponent: index % 97 - 48, significand: 1)
        }
        let packed = try PackedMatrix.pack(rows: rows, columns: columns, backend: compact) { range, target in
            for i in 0..<range.count * columns { target[i] = value(range.lowerBound * columns + i) }
        }
        #expect(!packed.isCompact)
        for row in 0..<rows {
            #expect(packed.row(row) == DType.bf16.rounded((0..<columns).map { value(row * columns + $0) }))
        }
        let odd = try PackedMatrix.pack(rows: 3, columns: 7, backend: compact) { _, target in
            for i in 0..<21 { target[i] = noise(i) }
        }
        #expect(!odd.isCompact, "seven columns are not four times any number")
    }

    @Test func autoFollowsTheRows() {
        for set in InstructionSet.allCases {
            for dtype in DType.allCases {
                let gains = [1, 4, 8, 12, .max].filter {
                    WeightLayout.auto.isCompact(rows: $0, threads: 2, dtype: dtype, on: set)
                }
                let expected: [Int] =
                    switch (set, dtype) {
                    case (.avx512, .fp32), (.avx2, .fp32): [1, 4, 8, 12]
                    case (.avx512, _): [1, 4, 8]
                    case (.avx512bf16, .fp32), (.avx2, _): [1, 4]
                    case (.avx512bf16, _): [1]
                    default: []
                    }
                #expect(gains == expected, "\(set.name), \(dtype)")
            }
        }
        #expect(!WeightLayout.auto.isCompact(rows: 1, threads: 1, dtype: .bf16, on: .avx512bf16))
        #expect(WeightLayout.auto.isCompact(rows: 1, threads: 1, dtype: .bf16, on: .avx512))
        #expect(!WeightLayout.plain.isCompact(rows: 1, threads: 2, dtype: .bf16))
        #expect(WeightLayout.compact.isCompact(rows: 99, threads: 1, dtype: .bf16))
    }

    /// Weights that are no bf16 numbers keep all their bits.
    @Test(arguments: [DType.fp16, .fp32])
    func finerNumbersStayPlain(dtype: DType) throws {
        let (_, compact) = try backends(.detected, dtype)
        let values = dtype.rounded((0..<40 * 64).map { noise($0) })
        let packed = try PackedMatrix.pack(rows: 40, columns: 64, backend: compact) { range, target in
            for i in 0..<range.count * 64 { target[i] = values[range.lowerBound * 64 + i] }
        }
        #expect(!packed.isCompact && packed.changedValues == 0)
        for row in 0..<40 { #expect(packed.row(row) == Array(values[row * 64..<(row + 1) * 64])) }
        let stored = try PackedMatrix.packStored(rows: 40, columns: 64, backend: compact) { range, target in
            let all = range.flatMap(packed.row)
            yb_encode(compact.isa, dtype.kernelType, target, all, all.count)
        }
        #expect(!stored.isCompact)
        for row in 0..<40 { #expect(stored.row(row) == packed.row(row)) }
    }
}
