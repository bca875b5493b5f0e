import Foundation

/// Methods of strings and dictionaries, as Python's.
enum TemplateMethods {
    static func call(
        _ name: String, on value: TemplateValue, _ arguments: TemplateEvaluator.Arguments,
        _ evaluator: inout TemplateEvaluator
    ) throws -> TemplateValue {
        switch value {
        case .string(let text):
            try evaluator.charge(bytes: text.utf8.count)
            if let result = try string(name, text, arguments, &evaluator) { return result }
        case .dictionary(let members):
            try evaluator.charge(members.count)
            switch name {
            case "items": return .list(members.map { .list([.string($0.key), $0.value]) })
            case "keys": return .list(members.map { .string($0.key) })
            case "values": return .list(members.map(\.value))
            case "get":
                guard case .string(let key)? = arguments.positional.first else {
                    throw evaluator.failure("get() takes a key")
                }
                return members[key] ?? arguments.value(1, "default") ?? .none
            default: break
            }
        case .undefined(let missing): throw evaluator.failure("'\(missing)' is undefined, so it has no '\(name)()'")
        default: break
        }
        throw evaluator.failure("the method '\(name)' of a \(value.typeName) is not supported")
    }

    private static func string(
        _ name: String, _ text: String, _ arguments: TemplateEvaluator.Arguments,
        _ evaluator: inout TemplateEvaluator
    ) throws -> TemplateValue? {
        let texts = try arguments.positional.map { value -> String? in
            switch value {
            case .string(let text): return text
            case .none, .integer: return nil
            default: throw evaluator.failure("\(name)() does not take a \(value.typeName)")
            }
        }
        let first = texts.first ?? nil
        switch name {
        case "strip": return .string(strip(text, first, left: true, right: true))
        case "lstrip": return .string(strip(text, first, left: true, right: false))
        case "rstrip": return .string(strip(text, first, left: false, right: true))
        case "upper": return .string(text.uppercased())
        case "lower": return .string(text.lowercased())
        case "capitalize": return .string(text.prefix(1).uppercased() + text.dropFirst().lowercased())
        case "title": return .string(title(text))
        case "startswith": return .bool(try affixes(name, arguments, evaluator).contains { starts(text, $0) })
        case "endswith":
            return .bool(
                try affixes(name, arguments, evaluator).contains { starts(text.utf8.reversed(), $0.utf8.reversed()) })
        case "removeprefix":
            guard let first, starts(text, first) else { return .string(text) }
            return .string(String(scalars: text.unicodeScalars.dropFirst(first.unicodeScalars.count)))
        case "removesuffix":
            guard let first, starts(text.utf8.reversed(), first.utf8.reversed()) else { return .string(text) }
            return .string(String(scalars: text.unicodeScalars.dropLast(first.unicodeScalars.count)))
        case "split":
            var limit = Int.max
            if case .integer(let count)? = arguments.value(1, "maxsplit"), count >= 0 { limit = count }
            return .list(try split(text, first, limit, &evaluator).map(TemplateValue.string))
        case "splitlines":
            try evaluator.charge(text.utf8.count { $0 == 0x0A || $0 == 0x0D })
            return .list(lines(text).map(TemplateValue.string))
        case "replace":
            guard texts.count == 2, let old = first, let new = texts[1], !old.isEmpty else {
                throw evaluator.failure("replace() takes two strings, the first not empty")
            }
            let parts = try split(text, old, .max, &evaluator)
            let (added, overflow) = new.utf8.count.multipliedReportingOverflow(by: parts.count)
            try evaluator.charge(bytes: overflow ? .max : min(added, .max / 2) + text.utf8.count)
            return .string(parts.joined(separator: new))
        case "find":
            guard let first else { throw evaluator.failure("find() takes a string") }
            guard let range = text.range(of: first, options: .literal) else { return .integer(-1) }
            return .integer(text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound))
        case "count":
            guard let first, !first.isEmpty else { throw evaluator.failure("count() takes a string") }
            return .integer(try split(text, first, .max, &evaluator).count - 1)
        default: return nil
        }
    }

    private static func starts(_ text: String, _ prefix: String) -> Bool { starts(text.utf8, prefix.utf8) }

    private static func starts(_ text: some Sequence<UInt8>, _ prefix: some Sequence<UInt8>) -> Bool {
        text.starts(with: prefix)
    }

    /// One string or a list of them.
    private static func affixes(
        _ name: String, _ arguments: TemplateEvaluator.Arguments, _ evaluator: TemplateEvaluator
    ) throws -> [String] {
        guard arguments.positional.count == 1, case .string(let text) = arguments.positional[0] else {
            throw evaluator.failure("\(name)() takes one string")
        }
        return [text]
    }

    private static func strip(_ text: String, _ characters: String?, left: Bool, right: Bool) -> String {
        let set = characters.map { Set($0.unicodeScalars) }
        func isStripped(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? scalar.isStrippedSpace }
        var scalars = text.unicodeScalars[...]
        if left { scalars = scalars.drop(while: isStripped) }
        if right {
            while let last = scalars.last, isStripped(last) { scalars.removeLast() }
        }
        return String(scalars)
    }

    private static func title(_ text: String) -> String {
        var afterLetter = false
        return text.reduce(into: "") { result, character in
            result += afterLetter ? character.lowercased() : character.uppercased()
            afterLetter = character.isLetter
        }
    }

    /// Without a separator, at runs of whitespace. Each part is a step: it takes many times the room of a letter.
    private static func split(
        _ text: String, _ separator: String?, _ limit: Int, _ evaluator: inout TemplateEvaluator
    ) throws -> [String] {
        let scalars = Array(text.unicodeScalars)
        guard let separator else {
            var isInside = false
            let count = scalars.count { scalar in
                let begins = !isInside && !scalar.isStrippedSpace
                isInside = !scalar.isStrippedSpace
                return begins
            }
            try evaluator.charge(min(count, limit))
            var parts = scalars.split(maxSplits: limit, whereSeparator: \.isStrippedSpace).map { String(scalars: $0) }
            if limit != .max, let last = parts.popLast() {
                // Python strips the left of the rest only.
                parts.append(strip(last, nil, left: true, right: false))
            }
            return parts
        }
        let needle = Array(separator.unicodeScalars)
        guard let head = needle.first else { throw evaluator.failure("split() with an empty separator") }
        var parts: [String] = []
        var begin = 0
        var position = 0
        while position + needle.count <= scalars.count, parts.count < limit {
            if scalars[position] == head, scalars[position..<position + needle.count].elementsEqual(needle) {
                try evaluator.charge()
                parts.append(String(scalars: scalars[begin..<position]))
                position += needle.count
                begin = position
            } else {
                position += 1
            }
        }
        parts.append(String(scalars: scalars[begin...]))
        return parts
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.map(String.init)
    }
}
