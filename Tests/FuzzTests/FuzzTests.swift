import Foundation
import FuzzReaders
import TestSupport
import Testing

/// Every seed, every former finding, and some hundred mutations of them through each reader. A crash names the input in
/// `/dev/shm` or the temporary folder; `Scripts/fuzz.sh` searches for longer.
struct FuzzTests {
    @Test(arguments: FuzzReaders.all.map(\.name)) func seedsAndMutations(name: String) throws {
        let reader = try #require(FuzzReaders.named(name))
        let seeds = try reader.seedFiles().map { [UInt8](try Data(contentsOf: $0)) }
        try #require(!seeds.isEmpty)
        let folder = try reader.workFolder()
        var accepted = 0
        for seed in seeds { accepted += seed.withUnsafeBytes { reader.run($0, in: folder) } ? 1 : 0 }
        // Seeds that are all refused would leave the depths of a reader untouched.
        #expect(accepted > 0)
        for number in 0..<UInt64(200) {
            let mutant = Mutation.mutant(number, of: seeds, words: reader.words)
            mutant.withUnsafeBytes { _ = reader.run($0, in: folder) }
        }
        try FileManager.default.removeItem(at: folder)
    }

    @Test func mutantsAreTheSameEveryTime() {
        let seeds = [Array("{\"a\": [1, 2, 3]}".utf8), [0, 0, 0, 255]]
        let mutants = (0..<UInt64(100)).map { Mutation.mutant($0, of: seeds, words: ["null"]) }
        #expect(mutants == (0..<UInt64(100)).map { Mutation.mutant($0, of: seeds, words: ["null"]) })
        #expect(Set(mutants).count > 60)
    }
}
