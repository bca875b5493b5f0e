import Checkpoints
import Foundation
import Tokenizers

extension FuzzReaders {
    static let tokenizers: [FuzzReader] = [
        FuzzReader(
            "tokenizer-model", file: "tokenizer.model", seeds: ["golden/yuan-tiny/tokenizer.model"],
            endings: [".model"],
            words: ["▁", "<unk>", "<s>", "</s>", "<0x0A>", "<eod>", "<sep>", "\u{0A}", "\u{12}", "\u{1A}"],
            read: { folder, file in
                _ = try? ModelInspection.inspect(file).text
                for family in ["yuan", "llama"] { exercise(try TokenizerLoader.load(folder: folder, family: family)) }
            }),
        FuzzReader(
            "tokenizer-json", file: "tokenizer.json", seeds: ["tokenizers", "badmodels"], endings: ["/tokenizer.json"],
            words: jsonWords + [
                "model", "BPE", "vocab", "merges", "added_tokens", "pre_tokenizer", "ByteLevel", "Sequence", "Split",
                "pattern", "Regex", "normalizer", "NFC", "decoder", "post_processor", "ignore_merges", "special", "id",
                "content", "Digits", "individual_digits", "add_prefix_space",
            ],
            read: { folder, file in
                _ = try? ModelInspection.inspect(file).text
                exercise(try TokenizerLoader.load(folder: folder))
            }),
        FuzzReader(
            "tokenizer-config", file: "tokenizer_config.json", seeds: ["tokenizers", "badmodels", "golden"],
            endings: ["/tokenizer_config.json"],
            words: jsonWords + [
                "chat_template", "bos_token", "eos_token", "added_tokens_decoder", "content", "name", "template",
                "default", "add_bos_token", "tokenizer_class",
            ],
            neighbours: ["tokenizer.json": contents("tokenizers/smollm/tokenizer.json")],
            read: { folder, file in
                _ = try? ModelInspection.inspect(file).text
                _ = try? ChatTemplate.load(folder: folder)
                _ = try ChatTemplate.variables(folder: folder)
                exercise(try TokenizerLoader.load(folder: folder))
            }),
    ]
}
