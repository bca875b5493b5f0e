import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// Ids of added tokens, as inspection looks at them.
struct AddedTokenTests {
    @Test(arguments: [
        (#"{"id": 1, "content": "b"}"#, ""), (#"{"id": 2, "content": "c"}"#, ""),
        (#"{"id": 1, "content": "c"}"#, "token id 1 of 'c' is another token's"),
        (#"{"id": 2, "content": "b"}"#, "token id 2 of 'b' is another token's"),
        (#"{"id": 2, "content": "c"}, {"id": 2, "content": "d"}"#, "token id 2 of 'd' is another token's"),
    ])
    func idsAreOfOneToken(_ added: String, _ reason: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "tokenizer.json",
            #"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}, "added_tokens": [\#(added)]}"#)
        do {
            _ = try TokenizerValidation.tokenizer(folder.url.appendingPathComponent("tokenizer.json"))
            #expect(reason.isEmpty)
        } catch {
            #expect(!reason.isEmpty && "\(error)".contains(reason), "\(error)")
        }
    }
}
