import ForeignText
import Foundation

/// Reads the members of a JSON object one by one and, at the end, complains about those nobody asked for.
package struct ObjectReader {
    private var members: [String: JSONValue] = [:]
    private var order: [String] = []
    private var asked: [String] = []
    package let place: FilePlace
    /// Path of the object inside the document, such as `prompt.few_shot`; empty for the document itself.
    private let path: String

    /// - Throws: `EvaluationError` if the node is not an object.
    package init(_ node: JSONValue, file: String, path: String = "") throws(EvaluationError) {
        place = FilePlace(file: file, line: node.line)
        self.path = path
        guard let object = node.object else {
            let what = path.isEmpty ? "the value" : "\"\(path)\""
            throw place.error("\(what) must be an object {…}, found \(node.summary)")
        }
        for (key, value) in object.entries {
            members[key] = value
            order.append(key)
        }
    }

    /// Parses a JSON text that stands in `file`, `line` being the number of its first line.
    /// - Throws: `EvaluationError` naming file, line and byte if it is not JSON or no object.
    package init(parsing bytes: ArraySlice<UInt8>, file: String, line: Int = 1) throws(EvaluationError) {
        let node: JSONValue
        do {
            // Half a surrogate pair is not refused: Python writes them into data sets.
            node = try JSONParser.parse(bytes, line: line, halfPairs: .replaced)
        } catch {
            throw FilePlace(file: file, line: error.line).error("\(error.description); write valid JSON there")
        }
        try self.init(node, file: file)
    }

    package var keys: [String] { order }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The error for a key whose value is not what it should be.
    package func wrong(_ key: String, _ expected: String) -> EvaluationError {
        let node = members[key]
        let found = node.map { ", found \($0.summary)" } ?? ""
        return FilePlace(file: place.file, line: node?.line ?? place.line)
            .error("key \"\(name(key))\" must be \(expected)\(found)")
    }

    /// The value of a key; nil where it is absent or null.
    package mutating func node(_ key: String) -> JSONValue? {
        asked.append(key)
        guard let node = members[key], !node.isNull else { return nil }
        return node
    }

    private func missing(_ key: String, _ type: String) -> EvaluationError {
        place.error("key \"\(name(key))\" is missing; add it as \(type)")
    }

    package mutating func optionalString(_ key: String) throws(EvaluationError) -> String? {
        guard let node = node(key) else { return nil }
        guard let text = node.string else { throw wrong(key, "a string") }
        return text
    }

    package mutating func string(_ key: String) throws(EvaluationError) -> String {
        guard let text = try optionalString(key) else { throw missing(key, "a string") }
        return text
    }

    /// A string, or a number taken as it is written.
    package mutating func stringOrNumber(_ key: String) throws(EvaluationError) -> String {
        guard let node = node(key) else { throw missing(key, "a string") }
        switch node.content {
        case .string(let text), .number(let text): return text
        default: throw wrong(key, "a string or a number")
        }
    }

    package mutating func optionalInt(_ key: String, in range: ClosedRange<Int>) throws(EvaluationError) -> Int? {
        guard let node = node(key) else { return nil }
        guard let value = node.integer, range.contains(value) else {
            throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    package mutating func int(_ key: String, in range: ClosedRange<Int>) throws(EvaluationError) -> Int {
        guard let value = try optionalInt(key, in: range) else { throw missing(key, "a whole number") }
        return value
    }

    package mutating func optionalDouble(_ key: String, in range: ClosedRange<Double>) throws(EvaluationError)
        -> Double?
    {
        guard let node = node(key) else { return nil }
        guard let value = node.double, range.contains(value) else {
            throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    package mutating func optionalStrings(_ key: String) throws(EvaluationError) -> [String]? {
        guard let node = node(key) else { return nil }
        guard let elements = node.array else { throw wrong(key, "a list of strings") }
        var strings: [String] = []
        for element in elements {
            guard let text = element.string else {
                throw FilePlace(file: place.file, line: element.line)
                    .error("key \"\(name(key))\" must be a list of strings, found \(element.summary) in it")
            }
            strings.append(text)
        }
        return strings
    }

    package mutating func strings(_ key: String) throws(EvaluationError) -> [String] {
        guard let strings = try optionalStrings(key) else { throw missing(key, "a list of strings") }
        return strings
    }

    package mutating func optionalArray(_ key: String) throws(EvaluationError) -> [JSONValue]? {
        guard let node = node(key) else { return nil }
        guard let elements = node.array else { throw wrong(key, "a list") }
        return elements
    }

    package mutating func optionalObject(_ key: String) throws(EvaluationError) -> ObjectReader? {
        guard let node = node(key) else { return nil }
        return try ObjectReader(node, file: place.file, path: name(key))
    }

    /// One of an enumeration's raw values.
    package mutating func optionalChoice<T: RawRepresentable & CaseIterable>(_ key: String) throws(EvaluationError)
        -> T? where T.RawValue == String
    {
        guard let text = try optionalString(key) else { return nil }
        guard let value = T(rawValue: text) else {
            let choices = T.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw wrong(key, "one of \(choices), not \"\(text.printable())\"")
        }
        return value
    }

    /// - Throws: `EvaluationError` for the first key that was never asked for.
    package func finish() throws(EvaluationError) {
        guard let unknown = order.first(where: { !asked.contains($0) }) else { return }
        let known = Set(asked).sorted().joined(separator: ", ")
        throw FilePlace(file: place.file, line: members[unknown]?.line ?? place.line)
            .error("unknown key \"\(name(unknown.printable()))\"; remove it or use one of: \(known)")
    }
}
