import CKernels
import Testing

@testable import Tensors

@Suite struct PackingTests {
    @Test(arguments: DType.allCases, [(172, 64), (1, 171), (33, 7), (96, 130)])
    func rowsComeBack(dtype: DType, shape: (Int, Int)) throws {
        let (rows, columns) = shape
        let backend = try Backend(dtype: dtype, threads: 2, kernels: .native)
        let packed = try matrix(rows: rows, columns: columns, seed: 9, backend: backend)
        var changed = 0
        for row in 0..<rows {
            let source = (0..<columns).map { noise(row * columns + $0, seed: 9) }
            let expected = dtype.rounded(source)
            changed += zip(source, expected).count { $0 != $1 }
            #expect(packed.row(row) == expected)
        }
        #expect(packed.changedValues == changed)
        #expect(packed.nonFiniteValues == 0)
        #expect(packed.byteCount >= rows * columns * dtype.byteCount)

        // The converted panels that OpenBLAS multiplies: [K][32 · panels].
        let panels = (rows + 31) / 32
        var unpacked = [Float](repeating: .nan, count: columns * panels * 32)
        var kernelMatrix = packed.kernelMatrix
        yb_unpack_panels(backend.isa, &kernelMatrix, 0, panels, &unpacked)
        for row in 0..<panels * 32 {
            let values = (0..<columns).map { unpacked[$0 * panels * 32 + row] }
            #expect(values == (row < rows ? packed.row(row) : Array(repeating: 0, count: columns)))
        }
    }

    /// Rows that need no conversion become the same panels.
    @Test(arguments: InstructionSet.available, [(172, 64), (1, 171), (33, 7), (96, 130)])
    func storedRowsGiveTheSamePanels(isa: InstructionSet, shape: (Int, Int)) throws {
        let (rows, columns) = shape
        for dtype in DType.allCases {
            let backend = try Backend(dtype: dtype, threads: 2, kernels: .native, instructionSet: isa)
            let expected = try matrix(rows: rows, columns: columns, seed: 9, backend: backend)
            let rowBytes = columns * dtype.byteCount
            let packed = try PackedMatrix.packStored(rows: rows, columns: columns, backend: backend) { range, target in
                for (slot, row) in range.enumerated() {
                    var encoded = [UInt8](repeating: 0, count: rowBytes)
                    yb_encode(isa.kernelISA, dtype.kernelType, &encoded, expected.row(row), columns)
                    (target + slot * rowBytes).copyMemory(from: encoded, byteCount: rowBytes)
                }
            }
            #expect((0..<rows).allSatisfy { packed.row($0) == expected.row($0) })
            var (a, b) = (packed.kernelMatrix, expected.kernelMatrix)
            var panels = [[Float]](repeating: Array(repeating: .nan, count: columns * 32), count: 2)
            yb_unpack_panels(backend.isa, &a, (rows - 1) / 32, 1, &panels[0])
            yb_unpack_panels(backend.isa, &b, (rows - 1) / 32, 1, &panels[1])
            #expect(panels[0] == panels[1], "rows beyond the last are zero")
        }
    }

    @Test func overflowIsCounted() throws {
        let backend = try Backend(dtype: .fp16, threads: 1, kernels: .native)
        let values: [Float] = [70000, -1e30, .infinity, .nan, 1, 0.1]
        let packed = try PackedMatrix.pack(rows: 1, columns: values.count, backend: backend) { _, target in
            for (i, value) in values.enumerated() { target[i] = value }
        }
        #expect(packed.nonFiniteValues == 2)
        #expect(packed.changedValues == 3)
        #expect(packed.row(0)[3].isNaN)
    }

    @Test func errorsOfTheSourceArrive() throws {
        struct Broken: Error {}
        let backend = try Backend(dtype: .bf16, threads: 2, kernels: .native)
        #expect(throws: Broken.self) {
            try PackedMatrix.pack(rows: 1000, columns: 10, backend: backend) { range, _ in
                if range.contains(500) { throw Broken() }
            }
        }
        #expect(throws: TensorError.self) {
            try PackedMatrix.pack(rows: 0, columns: 10, backend: backend) { _, _ in }
        }
    }

    @Test func embeddingRows() throws {
        for dtype in DType.allCases {
            let backend = try Backend(dtype: dtype, threads: 2, kernels: .native)
            let table = try matrix(rows: 100, columns: 75, seed: 10, backend: backend)
            let out = Activations(width: 75, rows: 4)
            backend.embed([99, 0, 33, 33], table: table, into: out)
            #expect(out.row(0) == table.row(99))
            #expect(out.row(1) == table.row(0))
            #expect(out.row(2) == table.row(33) && out.row(3) == out.row(2))
        }
    }
}
