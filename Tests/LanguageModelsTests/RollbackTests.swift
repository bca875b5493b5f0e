import LanguageModels
import Tensors
import Testing

/// What speculation and shared prefixes rest on: tokens taken back leave no trace, and a prefix goes on as its owner.
struct RollbackTests {
    private func logits(
        _ model: LanguageModel, _ sequence: SequenceState, _ ids: [Int32], phase: TokenBatch.Phase = .generated
    ) -> [[Float]] {
        model.forward([LanguageModel.Part(sequence: sequence, ids: ids, phase: phase)])
        let buffer = model.logits(rows: Array(ids.indices))
        return ids.indices.map { buffer.row($0) }
    }

    @Test(arguments: Golden.all, DType.allCases)
    func tokensTakenBackLeaveNoTrace(golden: Golden, dtype: DType) throws {
        let model = try golden.model(dtype)
        let prompt = Array(try #require(golden.recorded().prompts["len130"]).prefix(62))
        let end = Int32(model.configuration.eodToken ?? 1)
        // A token after which attention starts anew is among those taken back, and among those kept.
        for (kept, guessed, then) in [
            ([7], [9, end, 11], [5, 6]), ([7, end, 8], [3], [4]), ([end], [end, 2, 3, 4], [9]),
        ] {
            let (plain, guessing) = (model.makeSequence(), model.makeSequence())
            for sequence in [plain, guessing] { _ = logits(model, sequence, prompt, phase: .prompt) }
            let alone = kept.flatMap { logits(model, plain, [Int32($0)]) }
            let together = logits(model, guessing, kept.map { Int32($0) } + guessed.map { Int32($0) })
            #expect(Array(together.prefix(kept.count)) == alone, "several at once")
            guessing.keepOnly(kept.count)
            #expect(guessing.length == plain.length)
            for id in then {
                #expect(logits(model, guessing, [Int32(id)]) == logits(model, plain, [Int32(id)]))
            }
        }
    }

    @Test(arguments: Golden.all, DType.allCases)
    func aSharedPrefixGoesOnAsItsOwner(golden: Golden, dtype: DType) throws {
        let model = try golden.model(dtype)
        var prompt = try #require(golden.recorded().prompts["len130"])
        prompt[100] = Int32(model.configuration.eodToken ?? 1)
        let owner = model.makeSequence()
        _ = logits(model, owner, Array(prompt[..<128]), phase: .prompt)
        let prefix = owner.prefix()
        let bytes = model.cache.bytesInUse
        let expected = logits(model, owner, Array(prompt[128...]), phase: .prompt)
        owner.release()
        for _ in 0..<2 {
            let other = model.makeSequence()
            other.adopt(prefix)
            #expect(other.length == 128)
            #expect(logits(model, other, Array(prompt[128...]), phase: .prompt) == expected)
            // Two shared pages, and one of its own.
            #expect(model.cache.bytesInUse <= bytes + model.cache.pageBytes + model.cacheBytes(tokens: 0))
        }
    }
}
