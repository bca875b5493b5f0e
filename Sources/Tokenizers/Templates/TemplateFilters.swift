/// The filters that published chat templates use.
enum TemplateFilters {
    static let names: Set<String> = [
        "trim", "length", "count", "tojson", "default", "d", "upper", "lower", "capitalize", "title", "join", "first",
        "last", "list", "string", "int", "replace", "safe", "items", "reverse", "selectattr", "rejectattr", "select",
        "reject", "map",
    ]

    static func apply(
        _ name: String, to value: TemplateValue, _ arguments: TemplateEvaluator.Arguments,
        _ evaluator: inout TemplateEvaluator
    ) throws -> TemplateValue {
        switch name {
        case "default", "d":
            let replacesFalse = arguments.value(1, "boolean")?.isTrue ?? false
            return value.isUndefined || (replacesFalse && !value.isTrue)
                ? arguments.value(0, "default_value") ?? .string("") : value
        case "tojson":
            var indent: Int?
            if case .integer(let width)? = arguments.value(0, "indent") { indent = min(max(width, 0), 16) }
            var writer = TemplateJSONWriter(indent: indent)
            try writer.write(value, depth: 0, &evaluator)
            return .string(writer.text)
        case "length", "count": return .integer(try length(value, evaluator))
        case "items":
            if value.isUndefined { return .list([]) }
            return try TemplateMethods.call("items", on: value, arguments, &evaluator)
        case "first", "last":
            let values = try evaluator.elements(of: value)
            return (name == "first" ? values.first : values.last) ?? .undefined("the \(name) of an empty list")
        case "list": return .list(try evaluator.elements(of: value))
        case "reverse":
            let values = try evaluator.elements(of: value)
            guard case .string = value else { return .list(values.reversed()) }
            return .string(try join(values.reversed(), "", &evaluator))
        case "join":
            let separator = try arguments.value(0, "d").map { try evaluator.text(of: $0) } ?? ""
            guard arguments.value(1, "attribute") == nil else {
                throw evaluator.failure("join with an attribute is not supported")
            }
            return .string(try join(try evaluator.elements(of: value), separator, &evaluator))
        case "int": return .integer(try integer(value, arguments))
        case "selectattr", "rejectattr", "select", "reject", "map":
            return .list(try sift(name, try evaluator.elements(of: value), arguments, &evaluator))
        default: return try text(name, value, arguments, &evaluator)
        }
    }

    private static func text(
        _ name: String, _ value: TemplateValue, _ arguments: TemplateEvaluator.Arguments,
        _ evaluator: inout TemplateEvaluator
    ) throws -> TemplateValue {
        let text = TemplateValue.string(try evaluator.text(of: value))
        switch name {
        case "trim": return try TemplateMethods.call("strip", on: text, arguments, &evaluator)
        case "upper", "lower", "capitalize", "title", "replace":
            return try TemplateMethods.call(name, on: text, arguments, &evaluator)
        default: return text
        }
    }

    private static func length(_ value: TemplateValue, _ evaluator: TemplateEvaluator) throws -> Int {
        switch value {
        case .undefined: 0
        case .string(let text): text.unicodeScalars.count
        case .list(let values): values.count
        case .dictionary(let members): members.count
        default: throw evaluator.failure("a \(value.typeName) has no length")
        }
    }

    private static func integer(_ value: TemplateValue, _ arguments: TemplateEvaluator.Arguments) throws -> Int {
        var fallback = 0
        if case .integer(let number)? = arguments.value(0, "default") { fallback = number }
        switch value {
        case .integer(let number): return number
        case .bool(let flag): return flag ? 1 : 0
        case .double(let number): return Int(exactly: number.rounded(.towardZero)) ?? fallback
        case .string(let text): return Int(text) ?? fallback
        default: return fallback
        }
    }

    private static func join(
        _ values: [TemplateValue], _ separator: String, _ evaluator: inout TemplateEvaluator
    ) throws -> String {
        var text = ""
        for (index, value) in values.enumerated() {
            let part = (index > 0 ? separator : "") + (try evaluator.text(of: value))
            let total = text.utf8.count + part.utf8.count
            try evaluator.charge(bytes: total > evaluator.maximumBytes ? total : part.utf8.count)
            text += part
        }
        return text
    }

    /// `select`, `reject` by a test; `selectattr`, `rejectattr` by a test of an attribute; `map(attribute=…)`.
    private static func sift(
        _ name: String, _ values: [TemplateValue], _ arguments: TemplateEvaluator.Arguments,
        _ evaluator: inout TemplateEvaluator
    ) throws -> [TemplateValue] {
        func string(_ value: TemplateValue?) throws -> String? {
            guard let value else { return nil }
            guard case .string(let text) = value else { throw evaluator.failure("\(name) takes names as strings") }
            return text
        }
        func member(_ value: TemplateValue, _ key: String) -> TemplateValue {
            if case .dictionary(let members) = value { members[key] ?? .undefined(key) } else { .undefined(key) }
        }
        if name == "map" {
            guard arguments.positional.isEmpty, let key = try string(arguments.named["attribute"]) else {
                throw evaluator.failure("map is supported with 'attribute' only")
            }
            try evaluator.charge(values.count)
            return values.map { member($0, key) }
        }
        let hasKey = name.hasSuffix("attr")
        let key = hasKey ? try string(arguments.value(0, "attribute")) : nil
        guard !hasKey || key != nil else { throw evaluator.failure("\(name) needs the name of an attribute") }
        let test = try string(arguments.value(hasKey ? 1 : 0, "test"))
        guard test.map({ TemplateTests.operands[$0] != nil }) ?? true else {
            throw evaluator.failure("the test '\(test ?? "")' is not supported")
        }
        let operand = arguments.value(hasKey ? 2 : 1, "operand")
        var kept: [TemplateValue] = []
        for value in values {
            try evaluator.charge()
            let tested = key.map { member(value, $0) } ?? value
            let holds = try test.map { try TemplateTests.holds($0, tested, operand, &evaluator) } ?? tested.isTrue
            if holds == name.hasPrefix("select") { kept.append(value) }
        }
        return kept
    }
}

/// The tests after `is`.
enum TemplateTests {
    /// Number of operands.
    static let operands = [
        "defined": 0, "undefined": 0, "none": 0, "string": 0, "number": 0, "integer": 0, "float": 0, "boolean": 0,
        "mapping": 0, "iterable": 0, "sequence": 0, "true": 0, "false": 0, "even": 0, "odd": 0, "equalto": 1, "eq": 1,
        "==": 1, "ne": 1, "in": 1,
    ]

    static func holds(
        _ name: String, _ value: TemplateValue, _ operand: TemplateValue?, _ evaluator: inout TemplateEvaluator
    ) throws -> Bool {
        switch (name, value) {
        case ("defined", _): return !value.isUndefined
        case ("undefined", _): return value.isUndefined
        case ("none", .none), ("string", .string), ("boolean", .bool), ("mapping", .dictionary): return true
        case ("number", .integer), ("number", .double), ("number", .bool), ("integer", .integer), ("float", .double):
            return true
        case ("iterable", .string), ("iterable", .list), ("iterable", .dictionary), ("iterable", .undefined):
            return true
        case ("sequence", .string), ("sequence", .list), ("sequence", .dictionary), ("sequence", .undefined):
            return true
        case ("true", .bool(let flag)): return flag
        case ("false", .bool(let flag)): return !flag
        case ("even", .integer(let number)): return number % 2 == 0
        case ("odd", .integer(let number)): return number % 2 != 0
        case ("equalto", _), ("eq", _), ("==", _): return try evaluator.equal(value, operand ?? .none)
        case ("ne", _): return try !evaluator.equal(value, operand ?? .none)
        case ("in", _): return try evaluator.compare("in", value, operand ?? .none)
        default: return false
        }
    }
}
