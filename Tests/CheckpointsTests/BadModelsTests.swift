import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// The corpus of malformed model files: rejected for the right reason, or accepted.
struct BadModelsTests {
    struct Case: Decodable, CustomTestStringConvertible {
        let file: String
        let expect: String
        let note: String
        var testDescription: String { file }
    }

    static let cases: [Case] = {
        let url = Fixtures.url("badmodels/manifest.json")
        return (try? JSONDecoder().decode([Case].self, from: Data(contentsOf: url))) ?? []
    }()

    /// What the message must contain, in our words.
    static let reasons: [String: [String]] = [
        "st_02": ["shorter than the 8-byte header length"], "st_03": ["header length exceeds"],
        "st_05": ["header length exceeds the file size"], "st_06": ["empty header"], "st_08": ["object", "'{'"],
        "st_09": ["nesting too deep"], "st_11": ["'a' and 'b' overlap"], "st_12": ["hole at byte 4..8"],
        "st_14": ["need 16 bytes, have 10"], "st_15": ["end offset", "before"], "st_17": ["negative dimension"],
        "st_18": ["shape product overflows"], "st_20": ["not an integer"], "st_21": ["dimension out of range"],
        "st_23": ["unknown dtype F33"], "st_24": ["missing data_offsets"], "st_32": ["starts with '{'"],
        "st_35": ["zip", "not safetensors"], "idx_02": ["plain file name"],
        "idx_03": ["shard nope.safetensors not found"],
        "gg_01": ["not a GGUF file"], "gg_03": ["GGUF version 99 not supported"],
        "gg_04": ["tensor count exceeds what the file can hold"], "gg_06": ["string length exceeds"],
        "gg_07": ["array length exceeds"], "gg_09": ["unknown metadata type 77"], "gg_10": ["tensor rank 100 > 4"],
        "gg_12": ["negative dimension"], "gg_13": ["tensor size exceeds file"],
        "gg_15": ["row size 33 not a multiple of block 32 (Q8_0)"], "gg_16": ["beyond end of file"],
        "gg_18": ["power of two >= 1"], "gg_19": ["alignment too large"], "gg_21": ["tensor offset 0, expected 32"],
        "gg_22": ["duplicate tensor name"], "gg_24": ["unexpected end of file"], "gg_25": ["block_count out of range"],
        "gg_27": ["architecture is not valid UTF-8"], "gg_28": ["bos_token_id out of vocabulary"],
        "cfg_01": ["num_attention_heads must be >= 1"],
        "cfg_02": ["num_attention_heads is not a multiple of num_key_value_heads"],
        "cfg_04": ["num_hidden_layers must be >= 1"], "cfg_05": ["invalid JSON", "NaN"],
        "cfg_07": ["hidden_size must be an integer"], "cfg_08": ["nesting too deep"],
        "tok_01": ["merge 'x y' not in vocabulary"], "tok_03": ["token id 4294967295 out of range"],
        "tok_04": ["negative token id"], "tok_07": ["malformed merge"], "tok_10": ["attribute __class__ not allowed"],
    ]

    @Test func corpusIsThere() {
        #expect(Self.cases.count >= 50)
        let rejected = Self.cases.filter { $0.expect == "reject" }.map { Self.key($0.file) }
        #expect(Set(rejected) == Set(Self.reasons.keys))
    }

    private static func key(_ file: String) -> String { file.split(separator: "_").prefix(2).joined(separator: "_") }

    @Test(arguments: cases)
    func inspection(item: Case) throws {
        let url = Fixtures.url("badmodels/\(item.file)")
        do {
            let text = try ModelInspection.inspect(url).text
            #expect(item.expect != "reject", "accepted, though \(item.note)")
            #expect(
                text.unicodeScalars.allSatisfy {
                    $0 == "\n" || ($0.value >= 0x20 && $0.properties.generalCategory != .format)
                })
        } catch let error as CheckpointError {
            #expect(item.expect != "ok" && item.expect != "ok_escaped", "\(error)")
            #expect(error.description.contains(URL(fileURLWithPath: item.file).lastPathComponent))
            for reason in Self.reasons[Self.key(item.file)] ?? [] {
                #expect(error.description.contains(reason), "\(error)")
            }
        }
    }

    @Test func evilNamesAreEscaped() throws {
        let description = try ModelInspection.inspect(Fixtures.url("badmodels/st_30_evil_names.safetensors"))
        #expect(description.tensors.contains { $0.name == "../../etc/passwd" })
        #expect(description.text.contains("\\u{202e}gpj.exe"))
        #expect(description.text.contains("\\u{1b}[2J"))
        #expect(!description.text.contains("\u{1b}"))
    }

    @Test func unalignedFloatsAreRead() throws {
        let file = try SafetensorsFile(MappedFile(Fixtures.url("badmodels/st_33_misaligned.safetensors")))
        let entry = try #require(file.tensors.first { $0.name == "a" })
        let tensor = StoredTensor(name: "a", entry: entry, type: try #require(entry.type))
        #expect(try tensor.readAll() == [1, 2, 3, 4])
    }
}
