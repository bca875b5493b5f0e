/// A parsed JSON value. Integers and floats are told apart by their spelling, because a dimension of `2.0` is an
/// error and `Double` would hide it.
enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// An integer literal that does not fit `Int`, rounded.
    case hugeInteger(Double)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// For messages: what was found instead of the expected type.
    var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .hugeInteger(let value), .number(let value): "\(value)"
        case .string(let value): "the string \(Escaping.quoted(value, limit: 60))"
        case .array(let values): "an array of \(values.count)"
        case .object(let object): "an object of \(object.entries.count) keys"
        }
    }

    var string: String? { if case .string(let value) = self { value } else { nil } }
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// Any finite number as a double.
    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .hugeInteger(let value), .number(let value): value
        default: nil
        }
    }
}

/// A JSON object in the order of the file; keys are unique.
struct JSONObject: Sendable {
    let entries: [(key: String, value: JSONValue)]
    private let positions: [ExactString: Int]

    /// nil when a key occurs twice; `duplicate` then names it.
    init?(_ entries: [(key: String, value: JSONValue)], duplicate: inout String) {
        var positions = [ExactString: Int](minimumCapacity: entries.count)
        for (index, entry) in entries.enumerated()
        where positions.updateValue(index, forKey: ExactString(entry.key)) != nil {
            duplicate = entry.key
            return nil
        }
        self.entries = entries
        self.positions = positions
    }

    /// The value of `key`; nil when the key is absent or its value is null.
    subscript(key: String) -> JSONValue? {
        guard let position = positions[ExactString(key)] else { return nil }
        if case .null = entries[position].value { return nil }
        return entries[position].value
    }
}
