import Foundation
import Testing

@testable import Checkpoints

@Suite struct ShapeTests {
    private func checkpoint(_ name: String) throws -> ShapeCheckpoint {
        ShapeCheckpoint(try #require(try ModelShape.named("shape:" + name)))
    }

    /// The published sizes: Yuan2-2B's from its configuration, the others' from their model cards.
    @Test(arguments: [
        ("yuan2-2b", 2_088_724_480), ("llama-2b", 2_163_836_928), ("smollm2-135m", 134_515_008),
        ("smollm2-360m", 361_821_120), ("smollm2-1.7b", 1_711_376_384), ("qwen2.5-0.5b", 494_032_768),
        ("qwen2.5-1.5b", 1_543_714_304),
    ])
    func parametersAreTheModels(name: String, parameters: Int) throws {
        #expect(try checkpoint(name).parameterCount == parameters)
    }

    @Test(arguments: ModelShape.all.map(\.name))
    func configurationsHold(name: String) throws {
        let configuration = try checkpoint(name).configuration
        #expect(throws: Never.self) { try configuration.crossChecked(file: name) }
        #expect(configuration.vocabularySize >= 256)
    }

    @Test func namesAreFoundOrRefused() throws {
        #expect(try ModelShape.named("yuan2-2b") == nil)
        #expect(try ModelShape.named("shape:YUAN2-Tiny")?.name == "yuan2-tiny")
        let error = try #require(throws: CheckpointError.self) { try ModelShape.named("shape:gpt-7") }
        #expect("\(error)".contains("gpt-7") && "\(error)".contains("shape:yuan2-2b"))
        #expect(Set(ModelShape.all.map(\.name)).count == ModelShape.all.count)
    }

    @Test func anElementDependsOnNothingButItsPlace() throws {
        let tensor = try #require(try checkpoint("yuan2-tiny").tensor("model.layers.1.mlp.up_proj.weight"))
        let all = try tensor.readAll()
        var part = [Float](repeating: 0, count: 3 * tensor.rowLength)
        try tensor.readRows(70..<73, into: &part)
        #expect(part == Array(all[70 * tensor.rowLength..<73 * tensor.rowLength]))
        // Computed by hand (in Python) from the definition. A change makes reports of shapes incomparable.
        #expect(all[..<4].map(\.bitPattern) == [0xbcfa_0000, 0x3c83_0000, 0xbadb_0000, 0xbcc0_0000])
    }

    @Test func numbersLookLikeAFreshModels() throws {
        let checkpoint = try checkpoint("smollm2-135m")
        let first = try #require(checkpoint.tensor("model.layers.0.mlp.up_proj.weight")).readAll()
        let second = try #require(checkpoint.tensor("model.layers.0.mlp.gate_proj.weight")).readAll()
        for values in [first, second] {
            let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
            let variance = values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)
            #expect(abs(mean) < 1e-4 && abs(variance.squareRoot() - 0.02) < 1e-4)
            #expect(values.allSatisfy { $0.bitPattern & 0xffff == 0 })
        }
        let product = zip(first, second).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / Double(first.count)
        #expect(abs(product) < 1e-6, "two tensors are correlated")
        let neighbours = zip(first, first.dropFirst()).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(neighbours / Double(first.count)) < 1e-6, "neighbours are correlated")
        #expect(try #require(checkpoint.tensor("model.norm.weight")).readAll().allSatisfy { $0 == 1 })
    }

    @Test func shapesHaveDigestsOfTheirOwn() throws {
        let digests = ModelShape.all.map { ShapeCheckpoint($0).sha256() }
        #expect(Set(digests).count == digests.count && digests.allSatisfy { $0.count == 64 })
        let description = ModelInspection.inspect(try #require(try ModelShape.named("shape:yuan2-2b")))
        #expect(description.parameters == 2_088_724_480 && description.storedType == "bf16")
        #expect(description.sha256 == (try checkpoint("yuan2-2b").sha256()))
    }
}
