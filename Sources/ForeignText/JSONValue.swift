/// A JSON value that remembers the line it began on, so that errors about its content can name the place.
package struct JSONValue: Sendable {
    package enum Content: Sendable {
        case null
        case bool(Bool)
        /// The number as it is written, so that nothing is lost before its use is known: a dimension of `2.0` is an
        /// error, which a `Double` would hide.
        case number(String)
        case string(String)
        case array([JSONValue])
        case object(JSONObject)
    }

    package let content: Content
    /// Line in the text, counted from where the parser was told.
    package let line: Int

    package init(_ content: Content, line: Int = 1) {
        self.content = content
        self.line = line
    }

    package var isNull: Bool { if case .null = content { true } else { false } }
    package var bool: Bool? { if case .bool(let value) = content { value } else { nil } }
    package var string: String? { if case .string(let value) = content { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let value) = content { value } else { nil } }
    package var object: JSONObject? { if case .object(let value) = content { value } else { nil } }

    /// A number spelled without point and exponent, if it fits.
    package var integer: Int? { if case .number(let text) = content { Int(text) } else { nil } }

    /// A number spelled without point and exponent, whether it fits an `Int` or not.
    package var isWhole: Bool {
        if case .number(let text) = content { text.utf8.allSatisfy { $0 != 0x2E && $0 | 0x20 != 0x65 } } else { false }
    }

    /// Any number, rounded to the nearest double; finite.
    package var double: Double? { if case .number(let text) = content { Double(text) } else { nil } }

    /// The value of a key, if this is an object; nil when the key is absent or its value is null.
    package subscript(key: String) -> JSONValue? { object?[key] }

    /// For messages: what was found instead of the expected type.
    package var summary: String {
        switch content {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let text): Escaping.line(text, limit: 60)
        case .string(let value): "the string \(Escaping.quoted(value, limit: 60))"
        case .array(let values): "an array of \(values.count)"
        case .object(let object): "an object of \(object.entries.count) keys"
        }
    }
}

/// A JSON object in the order of the text; keys are unique, byte by byte: two vocabulary entries that are canonically
/// equivalent (`==` for `String`) are still two.
package struct JSONObject: Sendable {
    package let entries: [(key: String, value: JSONValue)]
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
    package subscript(key: String) -> JSONValue? {
        guard let position = positions[ExactString(key)], !entries[position].value.isNull else { return nil }
        return entries[position].value
    }
}
