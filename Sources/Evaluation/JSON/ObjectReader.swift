import Foundation

/// Reads the members of a JSON object one by one and, at the end, complains about those nobody asked for.
package struct ObjectReader {
    private var members: [String: JSONNode] = [:]
    private var order: [String] = []
    private var asked: [String] = []
    package let place: FilePlace
    /// Path of the object inside the document, such as `prompt.few_shot`; empty for the document itself.
    private let path: String

    /// - Throws: `EvaluationError` if the node is not an object.
    package init(_ node: JSONNode, file: String, path: String = "") throws(EvaluationError) {
        place = FilePlace(file: file, line: node.line)
        self.path = path
        guard case .object(let list) = node.value else {
            let what = path.isEmpty ? "the value" : "\"\(path)\""
            throw place.error("\(what) must be an object {…}, found \(node.value.typeName)")
        }
        for member in list {
            members[member.key] = member.node
            order.append(member.key)
        }
    }

    package var keys: [String] { order }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The error for a key whose value is not what it should be.
    package func wrong(_ key: String, _ expected: String) -> EvaluationError {
        let node = members[key]
        let found = node.map { ", found \($0.value.typeName)" } ?? ""
        return FilePlace(file: place.file, line: node?.line ?? place.line)
            .error("key \"\(name(key))\" must be \(expected)\(found)")
    }

    /// The value of a key; nil where it is absent or null.
    package mutating func node(_ key: String) -> JSONNode? {
        asked.append(key)
        guard let node = members[key], node.value != .null else { return nil }
        return node
    }

    private func missing(_ key: String, _ type: String) -> EvaluationError {
        place.error("key \"\(name(key))\" is missing; add it as \(type)")
    }

    package mutating func optionalString(_ key: String) throws(EvaluationError) -> String? {
        guard let node = node(key) else { return nil }
        guard case .string(let text) = node.value else { throw wrong(key, "a string") }
        return text
    }

    package mutating func string(_ key: String) throws(EvaluationError) -> String {
        guard let text = try optionalString(key) else { throw missing(key, "a string") }
        return text
    }

    /// A string, or a number taken as it is written.
    package mutating func stringOrNumber(_ key: String) throws(EvaluationError) -> String {
        guard let node = node(key) else { throw missing(key, "a string") }
        switch node.value {
        case .string(let text), .number(let text): return text
        default: throw wrong(key, "a string or a number")
        }
    }

    package mutating func optionalInt(_ key: String, in range: ClosedRange<Int>) throws(EvaluationError) -> Int? {
        guard let node = node(key) else { return nil }
        guard case .number(let text) = node.value, let value = Int(text), range.contains(value) else {
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
        guard case .number(let text) = node.value, let value = Double(text), range.contains(value) else {
            throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    package mutating func optionalStrings(_ key: String) throws(EvaluationError) -> [String]? {
        guard let node = node(key) else { return nil }
        guard case .array(let elements) = node.value else { throw wrong(key, "a list of strings") }
        var strings: [String] = []
        for element in elements {
            guard case .string(let text) = element.value else {
                throw FilePlace(file: place.file, line: element.line)
                    .error("key \"\(name(key))\" must be a list of strings, found \(element.value.typeName) in it")
            }
            strings.append(text)
        }
        return strings
    }

    package mutating func strings(_ key: String) throws(EvaluationError) -> [String] {
        guard let strings = try optionalStrings(key) else { throw missing(key, "a list of strings") }
        return strings
    }

    package mutating func optionalArray(_ key: String) throws(EvaluationError) -> [JSONNode]? {
        guard let node = node(key) else { return nil }
        guard case .array(let elements) = node.value else { throw wrong(key, "a list") }
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
