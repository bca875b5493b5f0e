/// Parses the statements of a chat template.
struct TemplateParser {
    private let segments: [TemplateSegment]
    private var position = 0
    private static let maximumDepth = 40

    private init(_ segments: [TemplateSegment]) { self.segments = segments }

    /// - Throws: `TokenizerError` with line and name of what is malformed or not supported.
    static func parse(_ source: String) throws -> [TemplateNode] {
        var parser = TemplateParser(try TemplateLexer.segments(source))
        let (nodes, end) = try parser.body(until: [], depth: 0, line: 1)
        guard end == nil else { throw TemplateNode.failure("an unexpected end of a block", line: 1) }
        return nodes
    }

    private typealias End = (name: String, tokens: TemplateExpressionParser)

    /// Parses until one of the tags `ends`, which is returned with what follows its name.
    private mutating func body(until ends: Set<String>, depth: Int, line: Int) throws -> ([TemplateNode], End?) {
        guard depth <= Self.maximumDepth else {
            throw TemplateNode.failure("blocks nested more than \(Self.maximumDepth) deep", line: line)
        }
        var nodes: [TemplateNode] = []
        while position < segments.count {
            let segment = segments[position]
            position += 1
            switch segment {
            case .text(let text): nodes.append(.text(text))
            case .output(let tokens):
                var expression = TemplateExpressionParser(tokens, line: tokens.first?.line ?? line)
                let value = try expression.tuple()
                try expression.expectEnd()
                nodes.append(.output(value))
            case .block(let tokens, let blockLine):
                var rest = TemplateExpressionParser(tokens, line: blockLine)
                let name = try rest.name()
                if ends.contains(name) { return (nodes, (name, rest)) }
                if let node = try statement(name, &rest, depth: depth, line: blockLine) { nodes.append(node) }
            }
        }
        guard ends.isEmpty else {
            let end = ends.first { $0.hasPrefix("end") } ?? ""
            throw TemplateNode.failure("a block that is never ended, expected \(end); add {% \(end) %}", line: line)
        }
        return (nodes, nil)
    }

    private mutating func statement(
        _ name: String, _ rest: inout TemplateExpressionParser, depth: Int, line: Int
    ) throws -> TemplateNode? {
        switch name {
        case "if": return try conditional(&rest, depth: depth, line: line)
        case "for": return try loop(&rest, depth: depth, line: line)
        case "set": return try set(&rest, depth: depth, line: line)
        case "break":
            try rest.expectEnd()
            return .breakLoop
        case "continue":
            try rest.expectEnd()
            return .continueLoop
        case "generation", "endgeneration":
            // Marks the assistant's part for training; it writes nothing.
            try rest.expectEnd()
            return nil
        default:
            throw TemplateNode.failure("the statement '\(name)' is not supported or out of place", line: line)
        }
    }

    private mutating func conditional(
        _ rest: inout TemplateExpressionParser, depth: Int, line: Int
    ) throws -> TemplateNode {
        var branches: [(condition: TemplateExpression, body: [TemplateNode])] = []
        var condition = try rest.tuple()
        try rest.expectEnd()
        while true {
            var (nodes, end) = try body(until: ["elif", "else", "endif"], depth: depth + 1, line: line)
            branches.append((condition, nodes))
            switch end?.name {
            case "elif":
                condition = try end?.tokens.tuple() ?? condition
                try end?.tokens.expectEnd()
            case "else":
                try end?.tokens.expectEnd()
                let (otherwise, last) = try body(until: ["endif"], depth: depth + 1, line: line)
                try last?.tokens.expectEnd()
                return .conditional(branches, otherwise: otherwise)
            default:
                try end?.tokens.expectEnd()
                return .conditional(branches, otherwise: [])
            }
        }
    }

    private mutating func loop(
        _ rest: inout TemplateExpressionParser, depth: Int, line: Int
    ) throws -> TemplateNode {
        let targets = try rest.targets()
        try rest.expectName("in")
        let sequence = try rest.withoutConditional()
        let filter = rest.consumeName("if") ? try rest.expression() : nil
        if rest.consumeName("recursive") { throw TemplateNode.failure("'recursive' is not supported", line: line) }
        try rest.expectEnd()
        let (nodes, end) = try body(until: ["else", "endfor"], depth: depth + 1, line: line)
        try end?.tokens.expectEnd()
        var otherwise: [TemplateNode] = []
        if end?.name == "else" {
            let (nodes, last) = try body(until: ["endfor"], depth: depth + 1, line: line)
            try last?.tokens.expectEnd()
            otherwise = nodes
        }
        return .loop(
            TemplateLoop(targets: targets, sequence: sequence, filter: filter, body: nodes, otherwise: otherwise))
    }

    private mutating func set(
        _ rest: inout TemplateExpressionParser, depth: Int, line: Int
    ) throws -> TemplateNode {
        let names = try rest.targets()
        if names.count == 1, rest.consume(".") {
            let attribute = try rest.name()
            try rest.expect("=")
            let value = try rest.tuple()
            try rest.expectEnd()
            return .setAttribute(object: names[0], name: attribute, value)
        }
        if rest.consume("=") {
            let value = try rest.tuple()
            try rest.expectEnd()
            return .set(names: names, value)
        }
        try rest.expectEnd()
        guard names.count == 1 else { throw TemplateNode.failure("a set block with several names", line: line) }
        let (nodes, end) = try body(until: ["endset"], depth: depth + 1, line: line)
        try end?.tokens.expectEnd()
        return .setBlock(name: names[0], body: nodes, line: line)
    }
}
