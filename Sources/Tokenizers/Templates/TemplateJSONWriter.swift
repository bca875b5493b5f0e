/// Writes values as Python's `json.dumps(ensure_ascii=False)` does.
struct TemplateJSONWriter {
    private(set) var text = ""
    private let indent: Int?

    init(indent: Int?) { self.indent = indent }

    mutating func write(_ value: TemplateValue, depth: Int, _ evaluator: inout TemplateEvaluator) throws {
        try evaluator.charge()
        guard depth <= TemplateValue.maximumDepth else { throw evaluator.failure("a value nested too deep") }
        switch value {
        case .none: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += "\(number)"
        case .double(let number): text += "\(number)"
        case .string(let string): try write(string, &evaluator)
        case .list(let values):
            try group("[", "]", values, depth: depth, &evaluator) { writer, value, evaluator in
                try writer.write(value, depth: depth + 1, &evaluator)
            }
        case .dictionary(let members):
            try group("{", "}", members, depth: depth, &evaluator) { writer, member, evaluator in
                try writer.write(member.key, &evaluator)
                writer.text += ": "
                try writer.write(member.value, depth: depth + 1, &evaluator)
            }
        case .undefined, .namespace, .loop: throw evaluator.failure("a \(value.typeName) cannot be written as JSON")
        }
    }

    private mutating func group<Element>(
        _ open: String, _ close: String, _ elements: TemplateGroup<Element>, depth: Int,
        _ evaluator: inout TemplateEvaluator,
        _ write: (inout TemplateJSONWriter, Element, inout TemplateEvaluator) throws -> Void
    ) throws {
        guard !elements.isEmpty else {
            text += open + close
            return
        }
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += indent == nil ? ", " : "," }
            breakLine(depth + 1)
            try write(&self, element, &evaluator)
            guard text.utf8.count <= evaluator.maximumBytes else { return try evaluator.charge(bytes: text.utf8.count) }
        }
        breakLine(depth)
        text += close
    }

    private mutating func breakLine(_ depth: Int) {
        if let indent { text += "\n" + String(repeating: " ", count: indent * depth) }
    }

    private mutating func write(_ string: String, _ evaluator: inout TemplateEvaluator) throws {
        try evaluator.charge(bytes: string.utf8.count)
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
