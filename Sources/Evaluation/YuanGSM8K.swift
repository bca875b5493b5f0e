import Foundation

/// Yuan2.0's Chinese GSM8K: `question[SEP]answer`, one problem a line.
enum YuanGSM8K {
    static let name = "yuan2-gsm8k"

    private struct Row: Encodable {
        var id: String
        var prompt: String
        var answer: String
    }

    /// The problems as rows of this project's own format.
    /// - Throws: `EvaluationError` naming file and line of the first line of another shape.
    static func rows(_ bytes: [UInt8], file: String) throws(EvaluationError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var result: [UInt8] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            let text = String(bytes: line, encoding: .utf8)?.replacingOccurrences(of: "\r", with: "")
            let parts = text?.components(separatedBy: "[SEP]") ?? []
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
                let row = try? encoder.encode(Row(id: "\(name)/\(index + 1)", prompt: parts[0], answer: parts[1]))
            else {
                throw FilePlace(file: file, line: index + 1).error("expected question[SEP]answer; give gsm8k_Cn.txt")
            }
            result += row + [UInt8(ascii: "\n")]
        }
        return result
    }
}
