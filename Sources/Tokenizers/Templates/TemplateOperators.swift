import Foundation

extension TemplateEvaluator {
    func negate(_ value: TemplateValue) throws -> TemplateValue {
        switch value {
        case .integer(let number) where number != .min: return .integer(-number)
        case .double(let number): return .double(-number)
        default: throw failure("cannot negate a \(value.typeName)")
        }
    }

    mutating func arithmetic(
        _ operation: String, _ left: TemplateValue, _ right: TemplateValue
    ) throws -> TemplateValue {
        if operation == "~" {
            return .string(try concatenate(try text(of: left), try text(of: right)))
        }
        switch (left, right) {
        case (.string(let first), .string(let second)) where operation == "+":
            return .string(try concatenate(first, second))
        case (.list(let first), .list(let second)) where operation == "+":
            try charge(first.count + second.count)
            return .list(first.elements + second.elements)
        case (.string(let text), .integer(let count)) where operation == "*",
            (.integer(let count), .string(let text)) where operation == "*":
            let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(count, 0))
            try charge(bytes: overflow ? .max : bytes)
            return .string(text.isEmpty ? "" : String(repeating: text, count: max(count, 0)))
        case (.integer(let first), .integer(let second)): return try integers(operation, first, second)
        case (.integer(let first), .double(let second)): return try doubles(operation, Double(first), second)
        case (.double(let first), .integer(let second)): return try doubles(operation, first, Double(second))
        case (.double(let first), .double(let second)): return try doubles(operation, first, second)
        default:
            throw failure("'\(operation)' does not apply to a \(left.typeName) and a \(right.typeName)")
        }
    }

    private mutating func concatenate(_ first: String, _ second: String) throws -> String {
        try charge(bytes: first.utf8.count + second.utf8.count)
        return first + second
    }

    private mutating func integers(_ operation: String, _ first: Int, _ second: Int) throws -> TemplateValue {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case "+": result = first.addingReportingOverflow(second)
        case "-": result = first.subtractingReportingOverflow(second)
        case "*": result = first.multipliedReportingOverflow(by: second)
        case "/":
            return try doubles(operation, Double(first), Double(second))
        case "//", "%":
            guard second != 0 else { throw failure("division by zero") }
            guard second != -1 else { return operation == "%" ? .integer(0) : try negate(.integer(first)) }
            // Python rounds towards minus infinity.
            let (quotient, remainder) = first.quotientAndRemainder(dividingBy: second)
            let adjusts = remainder != 0 && (remainder < 0) != (second < 0)
            return .integer(operation == "//" ? quotient - (adjusts ? 1 : 0) : remainder + (adjusts ? second : 0))
        case "**":
            guard second >= 0 else { throw failure("negative powers are not supported") }
            var power = (partialValue: 1, overflow: false)
            for _ in 0..<min(second, 64) where !power.overflow {
                power = power.partialValue.multipliedReportingOverflow(by: first)
            }
            if second > 64, ![-1, 0, 1].contains(first) { power.overflow = true }
            if second > 64, first == -1 { power.partialValue = second % 2 == 0 ? 1 : -1 }
            result = power
        default: throw failure("'\(operation)' does not apply to numbers")
        }
        guard !result.overflow else { throw failure("the result of '\(operation)' is out of range") }
        return .integer(result.partialValue)
    }

    private func doubles(_ operation: String, _ first: Double, _ second: Double) throws -> TemplateValue {
        switch operation {
        case "+": return .double(first + second)
        case "-": return .double(first - second)
        case "*": return .double(first * second)
        case "/":
            guard second != 0 else { throw failure("division by zero") }
            return .double(first / second)
        default: throw failure("'\(operation)' of fractions is not supported")
        }
    }

    mutating func comparison(
        _ first: TemplateExpression, _ rest: [(operation: String, operand: TemplateExpression)]
    ) throws -> TemplateValue {
        var left = try evaluate(first)
        for (operation, operand) in rest {
            let right = try evaluate(operand)
            guard try compare(operation, left, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    mutating func compare(_ operation: String, _ left: TemplateValue, _ right: TemplateValue) throws -> Bool {
        switch operation {
        case "==": return try equal(left, right)
        case "!=": return try !equal(left, right)
        case "in": return try contains(right, left)
        case "not in": return try !contains(right, left)
        default: break
        }
        let isLess: Bool
        let isEqual: Bool
        switch (left, right) {
        case (.string(let first), .string(let second)):
            try charge(bytes: first.utf8.count)
            isLess = first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
            isEqual = try equal(left, right)
        default:
            guard let first = number(left), let second = number(right) else {
                throw failure("'\(operation)' does not compare a \(left.typeName) with a \(right.typeName)")
            }
            isLess = first < second
            isEqual = first == second
        }
        switch operation {
        case "<": return isLess
        case "<=": return isLess || isEqual
        case ">": return !isLess && !isEqual
        default: return !isLess
        }
    }

    private func number(_ value: TemplateValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .double(let number): number
        case .bool(let flag): flag ? 1 : 0
        default: nil
        }
    }

    mutating func equal(_ left: TemplateValue, _ right: TemplateValue) throws -> Bool {
        try charge()
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let first), .string(let second)):
            try charge(bytes: min(first.utf8.count, second.utf8.count))
            return first.utf8.elementsEqual(second.utf8)
        case (.list(let first), .list(let second)):
            guard first.count == second.count else { return false }
            for (one, other) in zip(first, second) where try !equal(one, other) { return false }
            return true
        case (.dictionary(let first), .dictionary(let second)):
            guard first.count == second.count else { return false }
            for (key, value) in first {
                guard let other = second[key], try equal(value, other) else { return false }
            }
            return true
        case (.namespace(let first), .namespace(let second)): return first == second
        case (.integer(let first), .integer(let second)): return first == second
        default:
            guard let first = number(left), let second = number(right) else { return false }
            return first == second
        }
    }

    private mutating func contains(_ container: TemplateValue, _ value: TemplateValue) throws -> Bool {
        switch (container, value) {
        case (.string(let text), .string(let part)):
            try charge(bytes: text.utf8.count)
            return part.isEmpty || text.range(of: part, options: .literal) != nil
        case (.list(let values), _):
            for element in values where try equal(element, value) { return true }
            return false
        case (.dictionary(let members), .string(let key)):
            try charge(1 + members.count / 8)
            return members[key] != nil
        case (.undefined, _): return false
        default: throw failure("'in' does not look for a \(value.typeName) in a \(container.typeName)")
        }
    }
}
