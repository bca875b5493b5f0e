/// A value while a template is rendered.
enum TemplateValue: Sendable {
    /// The name of what is not there.
    case undefined(String)
    case none
    case bool(Bool)
    case integer(Int)
    case double(Double)
    case string(String)
    case list(TemplateGroup<TemplateValue>)
    case dictionary(TemplateGroup<TemplateMember>)
    /// Index of a `namespace()` in the evaluator.
    case namespace(Int)
    indirect case loop(LoopState)

    /// What is compared, written or freed by recursion may not be nested deeper.
    static let maximumDepth = 100

    static func list(_ values: [TemplateValue]) -> TemplateValue { .list(TemplateGroup(values)) }

    static func dictionary(_ members: [TemplateMember]) -> TemplateValue { .dictionary(TemplateGroup(members)) }

    struct LoopState: Sendable {
        var index: Int
        var count: Int
        var previous: TemplateValue
        var next: TemplateValue

        /// A loop holds its neighbours, which may be loops.
        var depth: Int { 1 + max(previous.depth, next.depth) }

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

    /// How many values lie in each other; 0 for plain ones.
    var depth: Int {
        switch self {
        case .list(let values): values.depth
        case .dictionary(let members): members.depth
        case .loop(let state): state.depth
        default: 0
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
