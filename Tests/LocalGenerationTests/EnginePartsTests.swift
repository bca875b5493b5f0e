import Tensors
import Testing

@testable import LocalGeneration

/// The parts of the engine that decide how much is done at once.
struct EnginePartsTests {
    @Test func guessesWhatFollowedBefore() {
        var lookup = PromptLookup([1, 2, 3, 9, 8, 7, 1, 2, 3])
        #expect(Array(lookup.guess(limit: 8)) == [9, 8])
        lookup.verified(guessed: 2, accepted: 2)
        #expect(Array(lookup.guess(limit: 8)) == [9, 8, 7, 1])
        #expect(Array(lookup.guess(limit: 1)) == [9])
        #expect(lookup.guess(limit: 0).isEmpty && lookup.guess(limit: -1).isEmpty)
        // The longest match decides, not the latest.
        lookup = PromptLookup([5, 1, 2, 3, 4, 6, 2, 3, 7, 1, 2, 3])
        #expect(Array(lookup.guess(limit: 1)) == [4])
        // One token alone suggests nothing.
        lookup = PromptLookup([1, 5, 2, 5])
        #expect(lookup.guess(limit: 8).isEmpty)
    }

    @Test func guessesThatFailBecomeRare() {
        var lookup = PromptLookup([1, 2, 3, 1, 2])
        var guesses = 0
        for _ in 0..<200 {
            let guess = lookup.guess(limit: 8)
            if !guess.isEmpty { lookup.verified(guessed: guess.count, accepted: 0) }
            guesses += guess.isEmpty ? 0 : 1
        }
        #expect(guesses < 12)
        // They come back once they are right.
        while lookup.guess(limit: 8).isEmpty {}
        lookup.verified(guessed: 1, accepted: 1)
        #expect(!lookup.guess(limit: 8).isEmpty)
    }

    @Test func promptsPartWhereTheTreeSays() {
        let cache = KVCache(layers: 1, kvHeads: 1, headDim: 8, dtype: .fp32)
        let tree = PrefixTree(mostHeldTokens: 1000)
        let shared = Array(0..<200)
        let (a, b, c) = (shared + [1], Array(shared[..<130]) + [2, 3], Array(shared[..<64]) + Array(7..<80))
        let (first, second, third) = (tree.enter(a), tree.enter(b), tree.enter(c))
        #expect(first.map(\.length) == [64, 128, 192] && second.count == 2 && third.count == 2)
        let owner = ObjectIdentifier(cache)
        let other = ObjectIdentifier(tree)
        // a and b part from c at 64, from each other at 128; what only a has is no boundary.
        let boundary = tree.boundary(on: first, beyond: 0)
        #expect(boundary?.length == 64 && tree.boundary(on: first, beyond: 64)?.length == 128)
        #expect(tree.boundary(on: first, beyond: 128) == nil)
        guard let boundary else { return }
        #expect(
            tree.claim(boundary, for: owner) && !tree.claim(boundary, for: other) && tree.claim(boundary, for: owner))
        let state = cache.makeSequence()
        state.grow(by: 64)
        state.advance(64)
        tree.keep(state, at: boundary)
        #expect(tree.prefix(on: third, beyond: 0)?.length == 64 && tree.prefix(on: third, beyond: 64) == nil)
        #expect(tree.boundary(on: third, beyond: 0) == nil)
        for (prompt, path) in [(a, first), (b, second), (c, third)] { tree.leave(prompt, path, owner: nil) }
        state.release()
        #expect(cache.bytesInUse == 0 || tree.enter(a).allSatisfy { $0.prefix == nil }, "nothing is kept for nobody")
    }

    @Test func theBatchFitsIntoFreeMemory() {
        let size = { (requests: Int, each: Int, free: Int?) in
            BatchSizing(requests: requests, bytesPerSequence: each, availableBytes: free).size
        }
        #expect(size(164, 1 << 20, 1 << 30) == BatchSizing.most)
        #expect(size(164, 64 << 20, 4 << 30) == 48)
        #expect(size(5, 1 << 20, 1 << 30) == 5)
        #expect(size(164, 8 << 30, 1 << 30) == 1 && size(164, 1, 0) == 1)
        #expect(size(164, 1 << 20, nil) == 32)
    }
}
