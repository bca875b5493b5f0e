/// A value while a template is rendered.
enum TemplateValue: Sendable {
    /// The name of what is not there.
    case undefined(String)
    case none
    case bool(Bool)
    case integer(Int)
    case double(Double)
    case string(String)
    case list([TemplateValue])
    case dictionary([(key: String, value: TemplateValue)])
    /// Index of a `namespace()` in the evaluator.
    case namespace(Int)
    indirect case loop(LoopState)

    struct LoopState: Sendable {
        var index: Int
        var count: Int
        var previous: TemplateValue
        var next: TemplateValue

        subscript(name: String) -> TemplateValue? {
            switch name {
            case "index": .integer(index + 1)
            case "index0": .integer(index)
            case "revindex": .integer(count - index)
            case "revindex0": .integer(count - index - 1)
            case "first": .bool(index == 0)
            case "last": .bool(index == count - 1)
            case "length": .integer(count)
            case "previtem": previous
            case "nextitem": next
            default: nil
            }
        }
    }

    /// As errors name it.
    var typeName: String {
        switch self {
        case .undefined(let name): "undefined value '\(name)'"
        case .none: "none"
        case .bool: "boolean"
        case .integer, .double: "number"
        case .string: "string"
        case .list: "list"
        case .dictionary: "dictionary"
        case .namespace: "namespace"
        case .loop: "loop"
        }
    }

    /// Python's truth.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let flag): flag
        case .integer(let value): value != 0
        case .double(let value): value != 0
        case .string(let text): !text.isEmpty
        case .list(let values): !values.isEmpty
        case .dictionary(let members): !members.isEmpty
        case .namespace, .loop: true
        }
    }

    var isUndefined: Bool {
        if case .undefined = self { true } else { false }
    }
}

extension [(key: String, value: TemplateValue)] {
    subscript(name: String) -> TemplateValue? { last { $0.key == name }?.value }
}
