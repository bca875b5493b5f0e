import RunRecords

/// Where precision is lost: relative errors of the hidden state layer by layer.
enum LayerErrors {
    /// ‖b − a‖ / ‖a‖ in double after each layer, over the sampled positions; positions that are not finite are left out.
    static func compare(_ a: ForcedPass, _ b: ForcedPass, samples: Int) throws -> [LayerErrorRecord] {
        let width = a.layered.width
        var first = [Float](repeating: 0, count: width)
        var second = first
        return try (0...a.layers).compactMap { layer in
            var errors: [Double] = []
            for sample in 0..<samples {
                let row = sample * (a.layers + 1) + layer
                try first.withUnsafeMutableBufferPointer { try a.layered.read(row, count: 1, into: $0) }
                try second.withUnsafeMutableBufferPointer { try b.layered.read(row, count: 1, into: $0) }
                let error = relativeError(first, second)
                if error.isFinite { errors.append(error) }
            }
            errors.sort()
            guard let p50 = Quantile.linear(0.5, ofSorted: errors), let p95 = Quantile.linear(0.95, ofSorted: errors)
            else { return nil }
            return LayerErrorRecord(layer: layer, p50: p50, p95: p95)
        }
    }

    /// ‖b − a‖ / ‖a‖; 0 for equal rows, zeroes included.
    static func relativeError(_ a: [Float], _ b: [Float]) -> Double {
        var (difference, size) = (0.0, 0.0)
        for (x, y) in zip(a, b) {
            difference += (Double(y) - Double(x)) * (Double(y) - Double(x))
            size += Double(x) * Double(x)
        }
        return difference == 0 ? 0 : (difference / size).squareRoot()
    }
}
