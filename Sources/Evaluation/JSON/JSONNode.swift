/// A JSON value that remembers the line it began on, so that errors about its content can name the place.
package struct JSONNode: Sendable, Equatable {
    package var value: JSONValue
    /// Line in the file, counted from 1.
    package var line: Int

    package init(_ value: JSONValue, line: Int) {
        self.value = value
        self.line = line
    }
}

package indirect enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number as it is written, so that nothing is lost before its use is known.
    case number(String)
    case string(String)
    case array([JSONNode])
    /// Members in the file's order; keys are unique.
    case object([JSONMember])

    /// The type as errors name it.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

package struct JSONMember: Sendable, Equatable {
    package var key: String
    package var node: JSONNode
}
