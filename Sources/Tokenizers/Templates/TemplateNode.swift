/// Statements of a parsed template.
indirect enum TemplateNode: Sendable {
    case text(String)
    case output(TemplateExpression)
    case conditional([(condition: TemplateExpression, body: [TemplateNode])], otherwise: [TemplateNode])
    case loop(TemplateLoop)
    case set(names: [String], TemplateExpression)
    case setAttribute(object: String, name: String, TemplateExpression)
    case setBlock(name: String, body: [TemplateNode], line: Int)
    case breakLoop
    case continueLoop

    static func failure(_ what: String, line: Int) -> TokenizerError {
        TokenizerError("chat template, line \(line): \(what)")
    }
}

struct TemplateLoop: Sendable {
    var targets: [String]
    var sequence: TemplateExpression
    var filter: TemplateExpression?
    var body: [TemplateNode]
    var otherwise: [TemplateNode]
}

/// An expression with its place and the depth of its tree, which bounds the evaluator's recursion.
struct TemplateExpression: Sendable {
    indirect enum Kind: Sendable {
        case literal(TemplateValue)
        case name(String)
        case list([TemplateExpression])
        case dictionary([(key: TemplateExpression, value: TemplateExpression)])
        case negate(TemplateExpression)
        case arithmetic(String, TemplateExpression, TemplateExpression)
        case comparison(TemplateExpression, [(operation: String, operand: TemplateExpression)])
        case and(TemplateExpression, TemplateExpression)
        case or(TemplateExpression, TemplateExpression)
        case not(TemplateExpression)
        case conditional(TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)
        case attribute(TemplateExpression, String)
        case item(TemplateExpression, TemplateExpression)
        case slice(TemplateExpression, TemplateExpression?, TemplateExpression?, TemplateExpression?)
        case call(String, TemplateArguments)
        case method(TemplateExpression, String, TemplateArguments)
        case filter(TemplateExpression, String, TemplateArguments)
        case test(TemplateExpression, String, TemplateArguments)
    }

    var kind: Kind
    var line: Int
    var depth: Int

    static let maximumDepth = 100
}

struct TemplateArguments: Sendable {
    var positional: [TemplateExpression] = []
    var named: [(name: String, value: TemplateExpression)] = []

    var all: [TemplateExpression] { positional + named.map(\.value) }
}
