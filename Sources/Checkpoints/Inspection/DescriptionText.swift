import ForeignText

extension ModelDescription {
    /// For people: one fact a line, everything from the file escaped.
    package var text: String {
        var lines = ["file          \(Escaping.line(file, limit: 1024))", "kind          \(kind)"]
        func add(_ label: String, _ value: String?) {
            guard let value else { return }
            lines.append(label.padded(to: 14) + value)
        }
        add("architecture", architecture.map { Escaping.line($0) })
        add("parameters", parameters.map { $0.grouped })
        add("stored as", storedType)
        add("sha256", sha256)
        if let tokenizer {
            let merges = tokenizer.merges.map { ", \($0) merges" } ?? ""
            add("tokenizer", "\(Escaping.line(tokenizer.kind)), \(tokenizer.tokens) tokens\(merges)")
        }
        if !metadata.isEmpty {
            lines.append("metadata")
            lines += metadata.map { "  \(Escaping.line($0.key)) = \(Escaping.line($0.value))" }
        }
        if let chatTemplate {
            lines.append("chat template")
            lines += chatTemplate.split(separator: "\n", omittingEmptySubsequences: false)
                .map { "  \(Escaping.line(String($0), limit: 4096))" }
        }
        if !tensors.isEmpty {
            lines.append("tensors       \(tensors.count)")
            lines += tensors.map {
                "  \($0.type.padded(to: 6))\("[" + $0.shape.map(String.init).joined(separator: ", ") + "]")"
                    .padded(to: 28) + Escaping.line($0.name)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    /// Filled up with spaces, and at least one.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}

extension Int {
    /// With a comma before each group of three digits.
    fileprivate var grouped: String {
        var result = ""
        for (index, digit) in String(self).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return String(result.reversed())
    }
}
