import Foundation

/// Prometheus's text format, as `/metrics` of vLLM, SGLang, llama-server and `yuanbench serve` have it.
package enum MetricsText {
    /// Names that matter; a server's process and runtime numbers do not.
    private static let prefixes = ["vllm:", "llamacpp:", "sglang:", "tgi_", "yuanbench_"]
    private static let leftOut = ["_bucket", "_created", "_info"]

    /// The value of each metric of a known server, series that differ in their labels added up.
    package static func values(in text: String) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" && !$0.isWhitespace }
            guard prefixes.contains(where: name.hasPrefix), !leftOut.contains(where: name.hasSuffix),
                let value = value(after: name, in: line), value.isFinite
            else { continue }
            values[String(name), default: 0] += value
        }
        return values
    }

    /// The first word after the labels; a time stamp may follow.
    private static func value(after name: Substring, in line: Substring) -> Double? {
        var rest = line[name.endIndex...]
        if rest.first == "{" {
            guard let end = endOfLabels(rest) else { return nil }
            rest = rest[rest.index(after: end)...]
        }
        return rest.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
    }

    /// The closing brace, not one inside a quoted label.
    private static func endOfLabels(_ text: Substring) -> Substring.Index? {
        var (isQuoted, isEscaped) = (false, false)
        for index in text.indices {
            switch text[index] {
            case _ where isEscaped: isEscaped = false
            case "\\": isEscaped = isQuoted
            case "\"": isQuoted.toggle()
            case "}" where !isQuoted: return index
            default: break
            }
        }
        return nil
    }
}
