import Foundation
import TestSupport

/// The recorded cases of a reference tokenizer.
struct GoldenCases: Decodable {
    struct Row: Decodable {
        var text: String
        var ids: [Int]
        /// Where transformers 4.44 differs from 4.31.
        var newIds: [Int]?
        var decode: String
        var decodeSkipSpecial: String

        enum CodingKeys: String, CodingKey {
            case text, ids, decode
            case newIds = "ids_new"
            case decodeSkipSpecial = "decode_skip_special"
        }
    }

    struct Decoding: Decodable {
        var ids: [Int]
        var decode: String
        var decodeSkipSpecial: String

        enum CodingKeys: String, CodingKey {
            case ids, decode
            case decodeSkipSpecial = "decode_skip_special"
        }
    }

    var rows: [Row]
    var decodes: [Decoding]?
    var specialIds: [String: Int]?

    enum CodingKeys: String, CodingKey {
        case rows, decodes
        case specialIds = "special_ids"
    }

    init(_ url: URL) throws {
        self = try JSONDecoder().decode(GoldenCases.self, from: Data(contentsOf: url))
    }
}

/// `==` for `String` is canonical equivalence; tokenizers must agree to the byte.
func sameBytes(_ first: String, _ second: String) -> Bool { Array(first.utf8) == Array(second.utf8) }
