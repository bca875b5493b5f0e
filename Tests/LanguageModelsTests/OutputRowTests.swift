import LanguageModels
import Tensors
import Testing

/// The last layer computes the rows that are asked for and no others, bit by bit as if all had been asked for.
struct OutputRowTests {
    /// What the outputs of a step are, and those of a step behind it, which reads what the first one remembered.
    private func logits(_ model: LanguageModel, _ prompts: [[Int32]], outputs: [Int]?) -> [[Float]] {
        let sequences = prompts.map { _ in model.makeSequence() }
        let parts = prompts.indices.map { index in
            LanguageModel.Part(
                sequence: sequences[index], ids: prompts[index], phase: index == 1 ? .generated : .prompt,
                outputs: outputs?[index])
        }
        model.forward(parts)
        var rows: [Int] = []
        var first = 0
        for (part, wanted) in zip(parts, Self.outputs) {
            first += part.outputs
            rows += first - wanted..<first
        }
        let asked = model.logits(rows: rows)
        var found = rows.indices.map { asked.row($0) }
        model.forward(sequences.map { LanguageModel.Part(sequence: $0, ids: [5], phase: .generated) })
        let next = model.logits(rows: Array(sequences.indices))
        found += sequences.indices.map { next.row($0) }
        return found
    }

    private static let outputs = [1, 3, 0, 2, 1]

    @Test(arguments: Golden.all, DType.allCases)
    func rowsAskedForAreComputedAsAmongAll(golden: Golden, dtype: DType) throws {
        for kernels in KernelPolicy.allCases {
            let model = try golden.model(dtype, kernels: kernels)
            var long = try #require(golden.recorded().prompts["len130"])
            // A token after which attention starts anew.
            long[70] = Int32(model.configuration.eodToken ?? 1)
            let prompts = [long, Array(long[60..<75]), Array(long[..<9]), Array(long[..<66]), [long[3]]]
            let all = logits(model, prompts, outputs: nil)
            #expect(logits(model, prompts, outputs: Self.outputs) == all, "\(kernels)")
        }
    }

    @Test(arguments: Golden.all)
    func aStepNeedNotHaveOutputs(golden: Golden) throws {
        let model = try golden.model(.fp32)
        let ids = try #require(golden.recorded().prompts["len130"])
        let (whole, cut) = (model.makeSequence(), model.makeSequence())
        model.forward([LanguageModel.Part(sequence: whole, ids: ids, phase: .prompt, outputs: 1)])
        let expected = model.logits(rows: [0]).row(0)
        model.forward([LanguageModel.Part(sequence: cut, ids: Array(ids[..<64]), phase: .prompt, outputs: 0)])
        model.forward([LanguageModel.Part(sequence: cut, ids: Array(ids[64...]), phase: .prompt, outputs: 1)])
        #expect(model.logits(rows: [0]).row(0) == expected)
    }
}
