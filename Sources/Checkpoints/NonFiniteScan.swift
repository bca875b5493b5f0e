import ForeignText

extension Checkpoint {
    /// Reads all weights and throws for the first that is NaN or infinite, naming tensor and place. Takes as long as
    /// reading the files does.
    package func requireFiniteWeights() throws {
        for name in tensorNames {
            guard let tensor = tensors[name] else { continue }
            try tensor.requireFinite()
        }
    }
}

extension StoredTensor {
    /// About a megabyte of fp32 at a time.
    private static let chunk = 1 << 18

    fileprivate func requireFinite() throws {
        guard elementCount > 0 else { return }
        let rowsAtOnce = max(1, Self.chunk / rowLength)
        var buffer = [Float](repeating: 0, count: min(rowsAtOnce, rowCount) * rowLength)
        for start in stride(from: 0, to: rowCount, by: rowsAtOnce) {
            let rows = start..<min(start + rowsAtOnce, rowCount)
            try buffer.withUnsafeMutableBufferPointer { values in
                guard let base = values.baseAddress else { return }
                try readRows(rows, into: base)
            }
            guard let bad = buffer[..<(rows.count * rowLength)].firstIndex(where: { !$0.isFinite }) else { continue }
            throw CheckpointError(
                "a weight is not a finite number", file: fileName, place: "tensor \(Escaping.quoted(name))",
                found: "\(buffer[bad]) in row \(start + bad / rowLength), column \(bad % rowLength)")
        }
    }
}
