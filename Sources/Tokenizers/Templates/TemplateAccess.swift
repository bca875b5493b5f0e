/// Function calls, attributes, items and slices, and what values are as lists and as text.
extension TemplateEvaluator {
    mutating func call(_ name: String, _ arguments: Arguments) throws -> TemplateValue {
        switch name {
        case "raise_exception":
            let reason = try arguments.positional.first.map { try text(of: $0) } ?? "no reason given"
            throw failure("the template refuses this conversation: \(reason)")
        case "namespace":
            guard arguments.positional.isEmpty else { throw failure("namespace() takes named values only") }
            try charge(1 + namespaces.count / 16)
            namespaces.append(Dictionary(arguments.named.map { ($0.key, $0.value) }) { _, last in last })
            return .namespace(namespaces.count - 1)
        case "range": return try range(arguments)
        default: throw failure("the function '\(name)' is not supported")
        }
    }

    private mutating func range(_ arguments: Arguments) throws -> TemplateValue {
        let bounds = try arguments.positional.map { value -> Int in
            guard case .integer(let bound) = value else { throw failure("range() takes integers") }
            return bound
        }
        guard (1...3).contains(bounds.count) else { throw failure("range() takes one to three integers") }
        let start = bounds.count == 1 ? 0 : bounds[0]
        let end = bounds.count == 1 ? bounds[0] : bounds[1]
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw failure("range() with a step of 0") }
        var values: [TemplateValue] = []
        for value in stride(from: start, to: end, by: step) {
            try charge()
            values.append(.integer(value))
        }
        return .list(values)
    }

    func attribute(_ name: String, of value: TemplateValue) throws -> TemplateValue {
        switch value {
        case .undefined(let missing): throw failure("'\(missing)' is undefined, so it has no '\(name)'")
        case .dictionary(let members): return members[name] ?? .undefined(name)
        case .namespace(let index): return namespaces[index][name] ?? .undefined(name)
        case .loop(let state):
            guard let value = state[name] else { throw failure("'loop.\(name)' is not supported") }
            return value
        default: return .undefined(name)
        }
    }

    mutating func item(_ key: TemplateValue, of value: TemplateValue) throws -> TemplateValue {
        switch (value, key) {
        case (.undefined(let missing), _): throw failure("'\(missing)' is undefined, so it has no items")
        case (.dictionary(let members), .string(let name)):
            try charge(1 + members.count / 8)
            return members[name] ?? .undefined(name)
        case (.list(let values), .integer(let index)):
            let position = index < 0 ? index + values.count : index
            return values.indices.contains(position) ? values[position] : .undefined("item \(index)")
        case (.string(let text), .integer(let index)):
            try charge(bytes: text.utf8.count)
            let scalars = Array(text.unicodeScalars)
            let position = index < 0 ? index + scalars.count : index
            return scalars.indices.contains(position)
                ? .string(String(scalars[position])) : .undefined("character \(index)")
        case (.namespace, .string(let name)), (.loop, .string(let name)): return try attribute(name, of: value)
        case (_, .string(let name)) where name.hasPrefix("_"): throw failure("attribute \(name) not allowed")
        case (_, .string(let name)): return .undefined(name)
        default: throw failure("a \(value.typeName) has no item of a \(key.typeName)")
        }
    }

    mutating func slice(_ value: TemplateValue, _ bounds: [TemplateValue?]) throws -> TemplateValue {
        let numbers = try bounds.map { bound -> Int? in
            switch bound {
            case nil, .some(.none): return nil
            case .integer(let number)?: return number
            default: throw failure("slices take integers")
            }
        }
        func pick<Element>(_ elements: [Element]) throws -> [Element] {
            let count = elements.count
            let step = numbers[2] ?? 1
            guard step != 0, step.magnitude <= 1 << 30 else { throw failure("a slice with a step of \(step)") }
            func clamp(_ bound: Int?, _ missing: Int, _ range: ClosedRange<Int>) -> Int {
                guard let bound else { return missing }
                let (shifted, _) = bound < 0 ? bound.addingReportingOverflow(count) : (bound, false)
                return min(max(shifted, range.lowerBound), range.upperBound)
            }
            if step > 0 {
                let start = clamp(numbers[0], 0, 0...count)
                let end = clamp(numbers[1], count, 0...count)
                return stride(from: start, to: end, by: step).map { elements[$0] }
            }
            let start = clamp(numbers[0], count - 1, -1...(count - 1))
            let end = clamp(numbers[1], -1, -1...(count - 1))
            return stride(from: start, to: end, by: step).map { elements[$0] }
        }
        switch value {
        case .list(let values):
            try charge(1 + values.count)
            return .list(values.isEmpty ? [] : try pick(values.elements))
        case .string(let text):
            try charge(bytes: text.utf8.count)
            let scalars = Array(text.unicodeScalars)
            return .string(scalars.isEmpty ? "" : String(scalars: try pick(scalars)))
        default: throw failure("a \(value.typeName) cannot be sliced")
        }
    }

    /// What a `for` goes through.
    mutating func elements(of value: TemplateValue) throws -> [TemplateValue] {
        switch value {
        case .undefined: return []
        case .list(let values):
            try charge(values.count)
            return values.elements
        case .dictionary(let members):
            try charge(members.count)
            return members.map { .string($0.key) }
        case .string(let text):
            try charge(text.utf8.count)
            return text.unicodeScalars.map { .string(String($0)) }
        default: throw failure("a \(value.typeName) cannot be iterated")
        }
    }

    /// Python's `str`.
    mutating func text(of value: TemplateValue) throws -> String {
        switch value {
        case .undefined: return ""
        case .none: return "None"
        case .bool(let flag): return flag ? "True" : "False"
        case .integer(let number): return "\(number)"
        case .double(let number): return "\(number)"
        case .string(let text): return text
        case .list, .dictionary, .namespace, .loop:
            throw failure("writing a \(value.typeName) is not supported; use tojson")
        }
    }
}
