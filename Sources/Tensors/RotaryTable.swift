import Foundation

/// Cosines and sines of rotary position embedding, `[positions, headDim / 2]`, rounded to the run's dtype.
///
/// angle(p, j) = p · theta^(−2j / headDim), times a scaling factor per frequency where the model has one. Lines are
/// computed when first needed, so a long maximum costs nothing.
package struct RotaryTable {
    /// How angles are computed.
    package enum Angles: String, CaseIterable, Sendable {
        /// Frequencies, positions and their product in fp32.
        case fp32
        /// Frequencies, positions and their product each rounded to bf16, as Yuan2's trainer did.
        case bf16
    }

    package let headDim: Int
    package let maxPositions: Int
    let lines: Lines

    /// - Parameter frequencyScaling: a factor for each of the `headDim / 2` frequencies (Llama 3's long-context rule).
    package init(
        headDim: Int, theta: Double, maxPositions: Int, dtype: DType, angles: Angles = .fp32,
        frequencyScaling: [Double]? = nil
    ) {
        precondition(headDim > 0 && headDim % 2 == 0, "rotation needs an even head size")
        precondition(frequencyScaling.map { $0.count == headDim / 2 } ?? true)
        let frequencies = (0..<headDim / 2).map { j in
            // In fp32 as the reference computes it: theta to a fp32 exponent, then the reciprocal.
            let frequency = 1 / Float(pow(theta, Double(Float(2 * j) / Float(headDim))))
            return frequencyScaling.map { Float(Double(frequency) * $0[j]) } ?? frequency
        }
        self.headDim = headDim
        self.maxPositions = maxPositions
        lines = Lines(frequencies: frequencies, dtype: dtype, angles: angles)
    }

    /// cos and sin of one position, `[headDim / 2]` each.
    package func line(_ position: Int) -> (cosines: [Float], sines: [Float]) {
        precondition(position >= 0)
        lines.reserve(positions: position + 1)
        let range = position * headDim / 2..<(position + 1) * headDim / 2
        return (Array(lines.cosines[range]), Array(lines.sines[range]))
    }

    /// The lines computed so far; used from the inference thread alone.
    final class Lines {
        private let frequencies: [Float]
        private let dtype: DType
        private let angles: Angles
        private var positions = 0
        private(set) var cosines: [Float] = []
        private(set) var sines: [Float] = []

        init(frequencies: [Float], dtype: DType, angles: Angles) {
            self.frequencies = angles == .bf16 ? DType.bf16.rounded(frequencies) : frequencies
            self.dtype = dtype
            self.angles = angles
        }

        func reserve(positions wanted: Int) {
            guard wanted > positions else { return }
            let target = max(wanted, 2 * positions, 256)
            var angle: [Float] = []
            angle.reserveCapacity((target - positions) * frequencies.count)
            for position in positions..<target {
                let place = angles == .bf16 ? DType.bf16.rounded(Float(position)) : Float(position)
                for frequency in frequencies { angle.append(place * frequency) }
            }
            if angles == .bf16 { angle = DType.bf16.rounded(angle) }
            cosines += dtype.rounded(angle.map { Float(cos(Double($0))) })
            sines += dtype.rounded(angle.map { Float(sin(Double($0))) })
            positions = target
        }
    }
}
