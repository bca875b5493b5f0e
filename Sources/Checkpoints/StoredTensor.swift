import ForeignText

/// A tensor as it lies in a file (or is made up): validated shape, type and bytes, read row by row as fp32.
package struct StoredTensor: Sendable {
    /// The order of rows in the file.
    enum RowOrder: Sendable, Equatable {
        case asStored
        /// llama's q/k rows in GGUF: within each head of `headDim` rows, first and second half are interleaved.
        case interleavedHalves(headDim: Int)
    }

    /// The Hugging Face name, e.g. `model.layers.0.mlp.up_proj.weight`.
    package let name: String
    /// In Hugging Face order, `[out, in, …]`; empty for a scalar. Convolution weights as stored, `[out, in, 2, 1]`.
    package let shape: [Int]
    package let type: StoredType
    private let content: Content

    private enum Content: Sendable {
        case file(MappedFile, offset: Int, byteCount: Int, RowOrder)
        case random(RandomWeights)
    }

    /// Numbers a row: the last dimension, 1 for a scalar.
    package var rowLength: Int { shape.last ?? 1 }
    /// The product of all dimensions but the last.
    package var rowCount: Int { shape.dropLast().reduce(1, *) }
    package var elementCount: Int { shape.reduce(1, *) }

    /// Bytes in the file.
    package var storedBytes: Int {
        switch content {
        case .file(_, _, let byteCount, _): byteCount
        case .random: 0
        }
    }

    /// What messages call the file.
    var fileName: String {
        switch content {
        case .file(let file, _, _, _): file.name
        case .random: "random weights"
        }
    }

    /// The shape and the byte range must have been checked against each other; `TensorEntry` does.
    init(name: String, entry: TensorEntry, type: StoredType, rowOrder: RowOrder = .asStored) {
        self.name = name
        self.shape = entry.shape
        self.type = type
        content = .file(entry.file, offset: entry.offset, byteCount: entry.byteCount, rowOrder)
    }

    /// A tensor of bf16 values that are computed when they are read.
    init(name: String, shape: [Int], weights: RandomWeights) {
        self.name = name
        self.shape = shape
        type = .bf16
        content = .random(weights)
    }

    private var rowBytes: Int { rowLength / type.blockSize * type.bytesPerBlock }

    /// Writes `rows` (rows of the last dimension), dequantised to fp32, to `destination`, which must have room for
    /// `rows.count * rowLength` floats. May be called from several threads at once.
    /// Throws `CheckpointError` for rows outside the tensor and when the file has become shorter.
    package func readRows(_ rows: Range<Int>, into destination: UnsafeMutablePointer<Float>) throws {
        try requireRows(rows)
        switch content {
        case .random(let weights):
            weights.write(from: rows.lowerBound * rowLength, count: rows.count * rowLength, to: destination)
        case .file(let file, let offset, _, .asStored):
            try readStoredRows(rows, of: file, at: offset, into: destination)
        case .file(let file, let offset, _, .interleavedHalves(let headDim)):
            for (index, row) in rows.enumerated() {
                let stored = Self.storedRow(row, headDim: headDim)
                try readStoredRows(stored..<stored + 1, of: file, at: offset, into: destination + index * rowLength)
            }
        }
    }

    /// Whether `copyRows` can deliver numbers of this type as they are stored: plain numbers that lie in a file.
    package func isStored(as type: StoredType) -> Bool {
        guard case .file = content, !type.isQuantized else { return false }
        return self.type == type
    }

    /// Copies `rows` as they are stored to `destination`, which must have room for `rows.count * rowLength` numbers, by plain
    /// reads of the file. May be called from several threads at once.
    /// Throws as `readRows` does, and for weights that are computed.
    package func copyRows(_ rows: Range<Int>, into destination: UnsafeMutableRawPointer) throws {
        try requireRows(rows)
        guard case .file(let file, let offset, _, let order) = content else {
            throw CheckpointError("the weights are computed", file: fileName, place: "tensor \(Escaping.quoted(name))")
        }
        func copy(_ stored: Range<Int>, to slot: Int) throws {
            try file.read(
                at: offset + stored.lowerBound * rowBytes,
                into: UnsafeMutableRawBufferPointer(
                    start: destination + slot * rowBytes, count: stored.count * rowBytes))
        }
        switch order {
        case .asStored: try copy(rows, to: 0)
        case .interleavedHalves(let headDim):
            for (slot, row) in rows.enumerated() {
                let stored = Self.storedRow(row, headDim: headDim)
                try copy(stored..<stored + 1, to: slot)
            }
        }
    }

    private func requireRows(_ rows: Range<Int>) throws {
        guard rows.lowerBound >= 0, rows.upperBound <= rowCount else {
            throw CheckpointError(
                "rows outside the tensor", file: fileName, place: "tensor \(Escaping.quoted(name))",
                expected: "rows within 0..<\(rowCount)", found: "\(rows)")
        }
    }

    /// Gives the file's pages under this tensor back to the system.
    package func releasePages() {
        guard case .file(let file, let offset, let byteCount, _) = content else { return }
        file.releasePages(offset..<offset + byteCount)
    }

    /// All numbers in row-major order.
    package func readAll() throws -> [Float] {
        try [Float](unsafeUninitializedCapacity: elementCount) { buffer, count in
            guard let base = buffer.baseAddress, elementCount > 0 else { return }
            try readRows(0..<rowCount, into: base)
            count = elementCount
        }
    }

    private func readStoredRows(
        _ rows: Range<Int>, of file: MappedFile, at offset: Int, into destination: UnsafeMutablePointer<Float>
    ) throws {
        let start = offset + rows.lowerBound * rowBytes
        try file.withBytes(start..<start + rows.count * rowBytes) { bytes in
            guard let source = bytes.baseAddress else { return }
            Dequantization.convert(source, type, count: rows.count * rowLength, into: destination)
        }
    }

    /// The converter of llama GGUFs reshapes each head `[2, headDim/2]` and swaps both axes, so that the rotated pairs
    /// lie side by side; this is the way back.
    private static func storedRow(_ row: Int, headDim: Int) -> Int {
        let (head, within) = row.quotientAndRemainder(dividingBy: headDim)
        let (half, pair) = within.quotientAndRemainder(dividingBy: headDim / 2)
        return head * headDim + 2 * pair + half
    }
}
