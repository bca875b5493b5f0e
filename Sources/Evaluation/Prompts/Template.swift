/// Text in which `{name}` stands for a field; braces around anything but a name are themselves.
package struct Template: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case text(String)
        case field(String)
    }
    private let parts: [Part]

    package init(_ source: String) {
        var parts: [Part] = []
        var text = ""
        var rest = Substring(source)
        while let character = rest.popFirst() {
            let name = rest.prefix { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
            if character == "{", let first = name.first, first.isLowercase, rest.dropFirst(name.count).first == "}" {
                parts.append(.text(text))
                parts.append(.field(String(name)))
                text = ""
                rest = rest.dropFirst(name.count + 1)
            } else {
                text.append(character)
            }
        }
        self.parts = parts + [.text(text)]
    }

    /// - Parameter value: the value of a field, nil if there is no such field.
    /// - Throws: `UnknownField` for the first field without a value.
    package func render(_ value: (String) -> String?) throws(UnknownField) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .field(let name):
                guard let value = value(name) else { throw UnknownField(name: name) }
                text += value
            }
        }
        return text
    }

    package struct UnknownField: Error, Equatable {
        package var name: String

        package init(name: String) { self.name = name }
    }
}
