/// The part of JSON Schema that the report's schema uses.
enum SchemaValidator {
    /// Complaints, each with its place; empty if the value is valid.
    static func complaints(_ value: JSON, _ schema: JSON, at place: String = "$") -> [String] {
        var found: [String] = []
        if let types = schema["type"]?.texts, !types.contains(where: value.isOf) {
            return ["\(place) is not of type \(types)"]
        }
        if let allowed = schema["enum"]?.elements, !allowed.contains(value) {
            found.append("\(place) is none of the enum")
        }
        if let only = schema["const"], only != value { found.append("\(place) is not the constant") }
        if case .number(let number) = value {
            if let minimum = schema["minimum"]?.double, number < minimum { found.append("\(place) is too small") }
            if let maximum = schema["maximum"]?.double, number > maximum { found.append("\(place) is too large") }
        }
        if case .array(let elements) = value {
            if let count = schema["minItems"]?.double, Double(elements.count) < count {
                found.append("\(place) is too short")
            }
            if let count = schema["maxItems"]?.double, Double(elements.count) > count {
                found.append("\(place) is too long")
            }
            if let items = schema["items"] {
                for (index, element) in elements.enumerated() {
                    found += complaints(element, items, at: "\(place)[\(index)]")
                }
            }
        }
        if case .object(let members) = value {
            for key in schema["required"]?.texts ?? [] where members[key] == nil {
                found.append("\(place).\(key) is missing")
            }
            for (key, member) in members {
                if let property = schema["properties"]?[key] ?? schema["additionalProperties"] {
                    found += complaints(member, property, at: "\(place).\(key)")
                }
            }
        }
        return found
    }

    /// Keywords of a schema that `complaints` does not know: none may go unchecked.
    static func unknownKeywords(_ schema: JSON) -> Set<String> {
        let known: Set<String> = [
            "type", "enum", "const", "minimum", "maximum", "minItems", "maxItems", "items", "required", "properties",
            "additionalProperties", "$schema", "$id", "title", "description",
        ]
        guard case .object(let members) = schema else { return [] }
        var unknown = Set(members.keys).subtracting(known)
        for key in ["items", "additionalProperties"] { unknown.formUnion(schema[key].map(unknownKeywords) ?? []) }
        if case .object(let properties)? = schema["properties"] {
            for property in properties.values { unknown.formUnion(unknownKeywords(property)) }
        }
        return unknown
    }
}

/// Any JSON value.
enum JSON: Codable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    subscript(key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }
    var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
    var double: Double? { if case .number(let value) = self { value } else { nil } }
    /// One string, or an array of strings.
    var texts: [String]? {
        if case .string(let text) = self { return [text] }
        return elements?.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    func isOf(_ type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number(let value): type == "number" || (type == "integer" && value == value.rounded())
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    /// Every variant of this value in which one member of an object, at any depth, is gone.
    var withoutOneMember: [(place: String, value: JSON)] {
        switch self {
        case .object(let members):
            return members.flatMap { key, member -> [(String, JSON)] in
                var rest = members
                rest[key] = nil
                return [(".\(key)", .object(rest))]
                    + member.withoutOneMember.map { place, value in
                        var changed = members
                        changed[key] = value
                        return (".\(key)\(place)", .object(changed))
                    }
            }
        case .array(let elements):
            // All elements have the same shape: the first stands for them.
            return elements.first?.withoutOneMember.map { ("[0]\($0)", .array([$1] + elements.dropFirst())) } ?? []
        default: return []
        }
    }
}
