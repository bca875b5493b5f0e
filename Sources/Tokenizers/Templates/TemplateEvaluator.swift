/// Renders a parsed template within bounds on work and output.
struct TemplateEvaluator {
    enum Flow {
        case proceed
        case breakLoop
        case continueLoop
    }

    /// Innermost last.
    private var scopes: [[String: TemplateValue]]
    var namespaces: [[String: TemplateValue]] = []
    private var output = ""
    private var outputBytes = 0
    private var steps: Int
    let maximumBytes: Int
    var line = 1

    /// - Parameters:
    ///   - steps: how much work may be done, about one per node and per 64 bytes handled.
    ///   - maximumBytes: how long the output and any string on the way may become.
    init(variables: [String: TemplateValue], steps: Int, maximumBytes: Int) {
        scopes = [variables]
        self.steps = steps
        self.maximumBytes = maximumBytes
    }

    mutating func render(_ nodes: [TemplateNode]) throws -> String {
        _ = try run(nodes)
        return output
    }

    func failure(_ what: String) -> TokenizerError { TemplateNode.failure(what, line: line) }

    /// Accounts for work about to be done.
    mutating func charge(_ count: Int = 1) throws {
        guard count <= steps else {
            throw failure("template step limit exceeded; use a template that does less")
        }
        steps -= count
    }

    /// Accounts for a string about to be made.
    mutating func charge(bytes: Int) throws {
        guard bytes <= maximumBytes else {
            throw failure("template output limit of \(maximumBytes) bytes exceeded; use a template that writes less")
        }
        try charge(1 + bytes / 64)
    }

    private mutating func write(_ text: String) throws {
        outputBytes += text.utf8.count
        try charge(bytes: outputBytes > maximumBytes ? outputBytes : text.utf8.count)
        output += text
    }

    // MARK: Statements

    private mutating func run(_ nodes: [TemplateNode]) throws -> Flow {
        for node in nodes {
            let flow = try run(node)
            if flow != .proceed { return flow }
        }
        return .proceed
    }

    private mutating func run(_ node: TemplateNode) throws -> Flow {
        try charge()
        switch node {
        case .text(let text): try write(text)
        case .output(let expression): try write(try text(of: try evaluate(expression)))
        case .conditional(let branches, let otherwise):
            for (condition, body) in branches where try evaluate(condition).isTrue { return try run(body) }
            return try run(otherwise)
        case .loop(let loop): try run(loop)
        case .set(let names, let expression): try assign(names, try evaluate(expression))
        case .setAttribute(let object, let name, let expression):
            let value = try evaluate(expression)
            guard case .namespace(let index)? = lookup(object) else {
                throw failure("'\(object).\(name)' can only be set where '\(object)' is a namespace")
            }
            namespaces[index][name] = value
        case .setBlock(let name, let body, _):
            let before = output
            output = ""
            let flow = try run(body)
            scopes[scopes.count - 1][name] = .string(output)
            output = before
            return flow
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
        return .proceed
    }

    private mutating func run(_ loop: TemplateLoop) throws {
        var values = try elements(of: try evaluate(loop.sequence))
        scopes.append([:])
        defer { scopes.removeLast() }
        if let filter = loop.filter {
            var kept: [TemplateValue] = []
            for value in values {
                try charge()
                try assign(loop.targets, value)
                if try evaluate(filter).isTrue { kept.append(value) }
            }
            values = kept
        }
        for (index, value) in values.enumerated() {
            try charge()
            let state = TemplateValue.LoopState(
                index: index, count: values.count,
                previous: index > 0 ? values[index - 1] : .undefined("loop.previtem"),
                next: index + 1 < values.count ? values[index + 1] : .undefined("loop.nextitem"))
            scopes[scopes.count - 1] = ["loop": try bounded(.loop(state))]
            try assign(loop.targets, value)
            if try run(loop.body) == .breakLoop { return }
        }
        if values.isEmpty {
            scopes[scopes.count - 1] = [:]
            _ = try run(loop.otherwise)
        }
    }

    private mutating func assign(_ names: [String], _ value: TemplateValue) throws {
        if names.count == 1 {
            scopes[scopes.count - 1][names[0]] = value
            return
        }
        guard case .list(let values) = value, values.count == names.count else {
            throw failure("cannot unpack a \(value.typeName) into \(names.count) names")
        }
        for (name, value) in zip(names, values) { scopes[scopes.count - 1][name] = value }
    }

    private func lookup(_ name: String) -> TemplateValue? {
        for scope in scopes.reversed() {
            if let value = scope[name] { return value }
        }
        return nil
    }

    // MARK: Expressions

    /// The value, if it is not nested too deep.
    private func bounded(_ value: TemplateValue) throws -> TemplateValue {
        guard value.depth <= TemplateValue.maximumDepth else {
            throw failure(
                "a \(value.typeName) nested more than \(TemplateValue.maximumDepth) deep; use a template that nests less"
            )
        }
        return value
    }

    /// Every value comes out of an expression or a loop, at most a level or two deeper than what it was made of; so it is
    /// here that nesting is bounded.
    mutating func evaluate(_ expression: TemplateExpression) throws -> TemplateValue {
        try bounded(try value(of: expression))
    }

    private mutating func value(of expression: TemplateExpression) throws -> TemplateValue {
        try charge()
        line = expression.line
        switch expression.kind {
        case .literal(let value): return value
        case .name(let name): return lookup(name) ?? .undefined(name)
        case .list(let parts): return .list(try parts.map { try evaluate($0) })
        case .dictionary(let parts):
            var members: [TemplateMember] = []
            for (key, value) in parts {
                guard case .string(let name) = try evaluate(key) else {
                    throw failure("only strings are supported as dictionary keys")
                }
                members.removeAll { $0.key == name }
                members.append((name, try evaluate(value)))
            }
            return .dictionary(members)
        case .and(let left, let right):
            let value = try evaluate(left)
            return value.isTrue ? try evaluate(right) : value
        case .or(let left, let right):
            let value = try evaluate(left)
            return value.isTrue ? value : try evaluate(right)
        case .not(let operand): return .bool(!(try evaluate(operand).isTrue))
        case .conditional(let condition, let then, let otherwise):
            if try evaluate(condition).isTrue { return try evaluate(then) }
            return try otherwise.map { try evaluate($0) } ?? .undefined("the missing else of a conditional")
        case .negate(let operand): return try negate(try evaluate(operand))
        case .arithmetic(let operation, let left, let right):
            let first = try evaluate(left)
            let second = try evaluate(right)
            line = expression.line
            return try arithmetic(operation, first, second)
        case .comparison(let first, let rest): return try comparison(first, rest)
        case .attribute(let base, let name):
            let value = try evaluate(base)
            line = expression.line
            return try attribute(name, of: value)
        case .item(let base, let index):
            let value = try evaluate(base)
            let key = try evaluate(index)
            line = expression.line
            return try item(key, of: value)
        case .slice(let base, let start, let end, let step):
            let value = try evaluate(base)
            let bounds = try [start, end, step].map { part in try part.map { try evaluate($0) } }
            line = expression.line
            return try slice(value, bounds)
        case .call(let name, let arguments):
            let evaluated = try evaluate(arguments)
            line = expression.line
            return try call(name, evaluated)
        case .method(let base, let name, let arguments):
            let value = try evaluate(base)
            let evaluated = try evaluate(arguments)
            line = expression.line
            return try TemplateMethods.call(name, on: value, evaluated, &self)
        case .filter(let base, let name, let arguments):
            let value = try evaluate(base)
            let evaluated = try evaluate(arguments)
            line = expression.line
            return try TemplateFilters.apply(name, to: value, evaluated, &self)
        case .test(let base, let name, let arguments):
            let value = try evaluate(base)
            let operand = try arguments.positional.first.map { try evaluate($0) }
            line = expression.line
            return .bool(try TemplateTests.holds(name, value, operand, &self))
        }
    }

    struct Arguments {
        var positional: [TemplateValue]
        var named: [TemplateMember]

        /// The argument at a position or of a name.
        func value(_ position: Int, _ name: String) -> TemplateValue? {
            position < positional.count ? positional[position] : named[name]
        }
    }

    private mutating func evaluate(_ arguments: TemplateArguments) throws -> Arguments {
        var named: [TemplateMember] = []
        for (name, value) in arguments.named { named.append((name, try evaluate(value))) }
        return Arguments(positional: try arguments.positional.map { try evaluate($0) }, named: named)
    }
}
