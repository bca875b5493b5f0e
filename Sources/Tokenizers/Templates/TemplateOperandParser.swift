/// Operands: literals, names, and what follows them (attributes, items, calls, filters, tests).
extension TemplateExpressionParser {
    mutating func filter(_ value: TemplateExpression, line start: Int) throws -> TemplateExpression {
        let name = try name()
        guard TemplateFilters.names.contains(name) else {
            throw TemplateNode.failure("the filter '\(name)' is not supported", line: start)
        }
        let arguments = consume("(") ? try arguments() : TemplateArguments()
        return try make(.filter(value, name, arguments), [value] + arguments.all, line: start)
    }

    mutating func test(_ value: TemplateExpression, line start: Int) throws -> TemplateExpression {
        let negated = consumeName("not")
        let name: String
        if consume("==") {
            name = "=="
        } else {
            name = try self.name()
        }
        guard let operands = TemplateTests.operands[name] else {
            throw TemplateNode.failure("the test '\(name)' is not supported", line: start)
        }
        var arguments = TemplateArguments()
        if operands > 0 {
            if consume("(") {
                arguments = try self.arguments()
            } else {
                arguments.positional = [try postfix(try primary())]
            }
        }
        guard arguments.positional.count == operands, arguments.named.isEmpty else {
            throw TemplateNode.failure("the test '\(name)' takes \(operands) operand", line: start)
        }
        let result = try make(.test(value, name, arguments), [value] + arguments.all, line: start)
        return negated ? try make(.not(result), [result], line: start) : result
    }

    private mutating func arguments() throws -> TemplateArguments {
        var arguments = TemplateArguments()
        while !consume(")") {
            if case .name(let name) = kind, position + 1 < tokens.count, tokens[position + 1].kind == .symbol("=") {
                position += 2
                arguments.named.append((name, try expression()))
            } else {
                guard arguments.named.isEmpty else { throw failure("a positional argument after a named one") }
                arguments.positional.append(try expression())
            }
            if !consume(",") {
                try expect(")")
                break
            }
        }
        return arguments
    }

    mutating func postfix(_ base: TemplateExpression) throws -> TemplateExpression {
        var value = base
        while true {
            let start = here
            if consume(".") {
                let name = try name()
                // Python's inner attributes lead from any value to the whole interpreter.
                guard !name.hasPrefix("_") else {
                    throw TemplateNode.failure("attribute \(name) not allowed", line: start)
                }
                if consume("(") {
                    let arguments = try arguments()
                    value = try make(.method(value, name, arguments), [value] + arguments.all, line: start)
                } else {
                    value = try make(.attribute(value, name), [value], line: start)
                }
            } else if consume("[") {
                value = try bracket(value, line: start)
            } else if kind == .symbol("(") {
                guard case .name(let name) = value.kind else { throw failure("only functions by name can be called") }
                position += 1
                let arguments = try arguments()
                value = try make(.call(name, arguments), arguments.all, line: start)
            } else {
                return value
            }
        }
    }

    private mutating func bracket(_ base: TemplateExpression, line start: Int) throws -> TemplateExpression {
        var bounds: [TemplateExpression?] = [nil]
        while true {
            if consume("]") { break }
            if consume(":") {
                bounds.append(nil)
            } else {
                guard bounds.count <= 3, bounds[bounds.count - 1] == nil else { throw failure("expected ']'") }
                bounds[bounds.count - 1] = try expression()
            }
        }
        if bounds.count == 1 {
            guard let index = bounds[0] else { throw failure("an empty subscript") }
            return try make(.item(base, index), [base, index], line: start)
        }
        guard bounds.count <= 3 else { throw failure("a slice with more than three parts") }
        return try make(
            .slice(base, bounds[0], bounds[1], bounds.count > 2 ? bounds[2] : nil), [base] + bounds.compactMap { $0 },
            line: start)
    }

    mutating func primary() throws -> TemplateExpression {
        let start = here
        guard let kind else { throw failure("expected a value, found the end of the tag") }
        position += 1
        switch kind {
        case .string(var text):
            while case .string(let more) = self.kind {
                text += more
                position += 1
            }
            return try make(.literal(.string(text)), [], line: start)
        case .integer(let value): return try make(.literal(.integer(value)), [], line: start)
        case .double(let value): return try make(.literal(.double(value)), [], line: start)
        case .name(let name): return try make(Self.word(name), [], line: start)
        case .symbol("("):
            if consume(")") { return try make(.list([]), [], line: start) }
            let first = try expression()
            if consume(")") { return first }
            var values = [first]
            while consume(","), self.kind != .symbol(")") { values.append(try expression()) }
            try expect(")")
            return try make(.list(values), values, line: start)
        case .symbol("["):
            var values: [TemplateExpression] = []
            while !consume("]") {
                values.append(try expression())
                if !consume(",") {
                    try expect("]")
                    break
                }
            }
            return try make(.list(values), values, line: start)
        case .symbol("{"): return try dictionary(line: start)
        default:
            position -= 1
            throw failure("expected a value, found \(shown)")
        }
    }

    private static func word(_ name: String) -> TemplateExpression.Kind {
        switch name {
        case "true", "True": .literal(.bool(true))
        case "false", "False": .literal(.bool(false))
        case "none", "None": .literal(.none)
        default: .name(name)
        }
    }

    private mutating func dictionary(line start: Int) throws -> TemplateExpression {
        var members: [(key: TemplateExpression, value: TemplateExpression)] = []
        while !consume("}") {
            let key = try expression()
            try expect(":")
            members.append((key, try expression()))
            if !consume(",") {
                try expect("}")
                break
            }
        }
        return try make(.dictionary(members), members.flatMap { [$0.key, $0.value] }, line: start)
    }
}
