import Foundation

/// Readers of the text files in which Linux describes a process and its machine.
enum ProcFile {
    /// Empty if there is no such file.
    static func text(_ path: String) -> String {
        guard let data = FileManager.default.contents(atPath: path) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    /// The trimmed value of the first line `key<separator>value`.
    static func value(_ key: String, in text: String, separator: Character = ":") -> String? {
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key else { continue }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    /// The bytes of a line such as `VmHWM:   1234 kB`.
    static func kibibytes(_ key: String, in text: String) -> Int? {
        guard let words = value(key, in: text)?.split(separator: " "), words.count == 2, words[1] == "kB" else {
            return nil
        }
        return Int(words[0]).flatMap { $0.multipliedReportingOverflow(by: 1024).overflow ? nil : $0 * 1024 }
    }
}
