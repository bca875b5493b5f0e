/// Parses the expressions of one tag, with Jinja's precedence.
struct TemplateExpressionParser {
    let tokens: [TemplateToken]
    var position = 0
    private var line: Int
    /// Recursion of the parser itself.
    private var nesting = 0

    init(_ tokens: [TemplateToken], line: Int) {
        self.tokens = tokens
        self.line = line
    }

    // MARK: Tokens

    var kind: TemplateToken.Kind? { position < tokens.count ? tokens[position].kind : nil }

    var here: Int { position < tokens.count ? tokens[position].line : tokens.last?.line ?? line }

    func failure(_ what: String) -> TokenizerError { TemplateNode.failure(what, line: here) }

    var shown: String {
        switch kind {
        case nil: "the end of the tag"
        case .name(let name): "'\(name)'"
        case .symbol(let symbol): "'\(symbol)'"
        case .string(let text): quoted(text)
        case .integer(let value): "\(value)"
        case .double(let value): "\(value)"
        }
    }

    mutating func consume(_ symbol: String) -> Bool {
        guard kind == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    mutating func consumeName(_ name: String) -> Bool {
        guard kind == .name(name) else { return false }
        position += 1
        return true
    }

    mutating func expect(_ symbol: String) throws {
        guard consume(symbol) else { throw failure("expected '\(symbol)', found \(shown)") }
    }

    mutating func expectName(_ name: String) throws {
        guard consumeName(name) else { throw failure("expected '\(name)', found \(shown)") }
    }

    func expectEnd() throws {
        guard position == tokens.count else { throw failure("expected the end of the tag, found \(shown)") }
    }

    mutating func name() throws -> String {
        guard case .name(let name) = kind else { throw failure("expected a name, found \(shown)") }
        position += 1
        return name
    }

    /// `a` or `a, b` before `in` or `=`.
    mutating func targets() throws -> [String] {
        let parenthesised = consume("(")
        var names = [try name()]
        while consume(",") { names.append(try name()) }
        if parenthesised { try expect(")") }
        return names
    }

    func make(
        _ kind: TemplateExpression.Kind, _ parts: [TemplateExpression], line: Int
    ) throws -> TemplateExpression {
        let depth = 1 + (parts.map(\.depth).max() ?? 0)
        guard depth <= TemplateExpression.maximumDepth else {
            throw TemplateNode.failure(
                "an expression nested more than \(TemplateExpression.maximumDepth) deep", line: line)
        }
        return TemplateExpression(kind: kind, line: line, depth: depth)
    }

    // MARK: Grammar, weakest binding first

    /// `a` or `a, b`, the latter a list.
    mutating func tuple() throws -> TemplateExpression {
        let start = here
        let first = try expression()
        guard consume(",") else { return first }
        var values = [first]
        while position < tokens.count {
            values.append(try expression())
            if !consume(",") { break }
        }
        return try make(.list(values), values, line: start)
    }

    mutating func expression() throws -> TemplateExpression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= TemplateExpression.maximumDepth / 2 else {
            throw failure("an expression nested more than \(TemplateExpression.maximumDepth / 2) deep")
        }
        var value = try or()
        while kind == .name("if") {
            let start = here
            position += 1
            let condition = try or()
            let otherwise = consumeName("else") ? try expression() : nil
            value = try make(
                .conditional(condition, then: value, otherwise: otherwise),
                [condition, value] + (otherwise.map { [$0] } ?? []), line: start)
        }
        return value
    }

    /// The sequence of a `for`, where `if` begins its filter.
    mutating func withoutConditional() throws -> TemplateExpression { try or() }

    private mutating func or() throws -> TemplateExpression {
        var value = try and()
        while kind == .name("or") {
            let start = here
            position += 1
            let right = try and()
            value = try make(.or(value, right), [value, right], line: start)
        }
        return value
    }

    private mutating func and() throws -> TemplateExpression {
        var value = try not()
        while kind == .name("and") {
            let start = here
            position += 1
            let right = try not()
            value = try make(.and(value, right), [value, right], line: start)
        }
        return value
    }

    private mutating func not() throws -> TemplateExpression {
        var lines: [Int] = []
        while kind == .name("not") {
            lines.append(here)
            position += 1
        }
        var value = try comparison()
        for start in lines.reversed() { value = try make(.not(value), [value], line: start) }
        return value
    }

    private mutating func comparison() throws -> TemplateExpression {
        let start = here
        let first = try sum()
        var rest: [(operation: String, operand: TemplateExpression)] = []
        while let operation = comparisonOperator() { rest.append((operation, try sum())) }
        if rest.isEmpty { return first }
        return try make(.comparison(first, rest), [first] + rest.map(\.operand), line: start)
    }

    private mutating func comparisonOperator() -> String? {
        if case .symbol(let symbol) = kind, ["==", "!=", "<", ">", "<=", ">="].contains(symbol) {
            position += 1
            return symbol
        }
        if consumeName("in") { return "in" }
        if kind == .name("not"), position + 1 < tokens.count, tokens[position + 1].kind == .name("in") {
            position += 2
            return "not in"
        }
        return nil
    }

    private mutating func binary(
        _ symbols: Set<String>, _ operand: (inout TemplateExpressionParser) throws -> TemplateExpression
    ) throws -> TemplateExpression {
        var value = try operand(&self)
        while case .symbol(let symbol) = kind, symbols.contains(symbol) {
            let start = here
            position += 1
            let right = try operand(&self)
            value = try make(.arithmetic(symbol, value, right), [value, right], line: start)
        }
        return value
    }

    private mutating func sum() throws -> TemplateExpression {
        try binary(["+", "-"]) { try $0.concatenation() }
    }

    private mutating func concatenation() throws -> TemplateExpression {
        try binary(["~"]) { try $0.product() }
    }

    private mutating func product() throws -> TemplateExpression {
        try binary(["*", "/", "//", "%"]) { try $0.power() }
    }

    private mutating func power() throws -> TemplateExpression {
        try binary(["**"]) { try $0.unary() }
    }

    /// Signs bind stronger than filters and tests, and these stronger than every binary operator.
    private mutating func unary() throws -> TemplateExpression {
        let start = here
        var negative = false
        while case .symbol(let sign) = kind, sign == "-" || sign == "+" {
            if sign == "-" { negative.toggle() }
            position += 1
        }
        var value = try postfix(try primary())
        if negative { value = try make(.negate(value), [value], line: start) }
        while true {
            let start = here
            if consume("|") {
                value = try filter(value, line: start)
            } else if consumeName("is") {
                value = try test(value, line: start)
            } else {
                return value
            }
        }
    }
}
