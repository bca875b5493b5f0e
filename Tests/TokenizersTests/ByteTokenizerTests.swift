import Testing
import Tokenizers

struct ByteTokenizerTests {
    @Test func bytesThereAndBack() {
        let tokenizer = ByteTokenizer()
        let text = "def f(x): # 求和 🙂\n"
        let ids = tokenizer.encode(text)
        #expect(ids == text.utf8.map(Int.init))
        #expect(tokenizer.decode(ids, skipSpecial: true) == text)
        var stream = tokenizer.textStream(skipSpecial: true)
        // Never half a character; what names no token is passed over.
        #expect(stream.append(0xE6) + stream.append(135_000) + stream.append(0xB1) == "")
        #expect(stream.append(0x82) == "求" && stream.append(0xF0) == "" && stream.finish() == "\u{FFFD}")
        #expect(tokenizer.id(of: "<0x41>") == 0x41 && tokenizer.id(of: "A") == nil && tokenizer.id(of: "<0xzz>") == nil)
        #expect(tokenizer.bytes(of: 255) == [255] && tokenizer.bytes(of: 256) == nil && tokenizer.bytes(of: -1) == nil)
    }
}
