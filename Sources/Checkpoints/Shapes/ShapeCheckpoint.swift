import Crypto
import Foundation

/// A checkpoint of a given shape with random weights, made while they are read.
package struct ShapeCheckpoint: Checkpoint {
    package let url: URL
    package let format = "random"
    package let configuration: ModelConfiguration
    package let tensors: [String: StoredTensor]
    package let files: [URL] = []
    package let mappings: [MappedFile] = []
    package let tokenizerSource = TokenizerSource.bytes

    private static let seed: UInt32 = 20_240_823
    /// To be raised whenever other numbers are made.
    private static let version = 1

    package init(_ shape: ModelShape) {
        url = URL(fileURLWithPath: ModelShape.prefix + shape.name)
        configuration = shape.configuration
        tensors = Dictionary(
            ArchitectureTensors.shapes(shape.configuration).map { name, dimensions in
                let isNorm = name.hasSuffix("norm.weight")
                let weights = RandomWeights(kind: isNorm ? .constant(1) : .random, name: name, seed: Self.seed)
                return (name, StoredTensor(name: name, shape: dimensions, weights: weights))
            }, uniquingKeysWith: { $1 })
    }

    /// Of what determines the weights: nobody has to compute gigabytes to tell two shapes apart.
    package func sha256() -> String {
        let parts = ArchitectureTensors.shapes(configuration).map { "\($0.name) \($0.shape)" }.sorted()
        let text = (["yuanbench random weights \(Self.version), seed \(Self.seed)"] + parts).joined(separator: "\n")
        return WeightsDigest.hexadecimal(SHA256.hash(data: Data(text.utf8)))
    }
}
