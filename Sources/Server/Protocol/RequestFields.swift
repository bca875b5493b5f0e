import Foundation

/// The fields of a JSON object, read so that every error names the field and what it should be.
struct RequestFields {
    private let container: KeyedDecodingContainer<Name>
    /// What comes before a field's name in errors: `messages[2].`.
    private let prefix: String

    struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    init(_ decoder: any Decoder, within prefix: String = "") throws {
        do {
            container = try decoder.container(keyedBy: Name.self)
        } catch {
            let place = prefix.isEmpty ? nil : String(prefix.dropLast())
            throw APIError.invalid(place, "\(place ?? "the body") is not a JSON object")
        }
        self.prefix = prefix
    }

    func place(_ name: String) -> String { prefix + name }

    /// Whether the field is there and not null.
    func has(_ name: String) -> Bool {
        let key = Name(name)
        return container.contains(key) && (try? container.decodeNil(forKey: key)) == false
    }

    /// The field's value, nil where it is absent or null.
    /// - Parameter expected: what the value should be, in words.
    func value<Value: Decodable>(_ name: String, _ expected: String, as type: Value.Type = Value.self) throws -> Value?
    {
        guard has(name) else { return nil }
        do {
            return try container.decode(type, forKey: Name(name))
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError.invalid(place(name), "\(place(name)) is not \(expected)")
        }
    }

    func flag(_ name: String) throws -> Bool { try value(name, "true or false", as: Bool.self) ?? false }

    func text(_ name: String) throws -> String? { try value(name, "a string", as: String.self) }

    /// A whole number within bounds.
    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        let words =
            range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        guard let number = try value(name, "a whole number, \(words)", as: Int.self) else { return nil }
        guard range.contains(number) else {
            throw APIError.invalid(place(name), "\(place(name)) is \(number), expected \(words)")
        }
        return number
    }

    /// A number for which `holds` is true.
    func number(_ name: String, _ expected: String, where holds: (Double) -> Bool) throws -> Double? {
        guard let number = try value(name, "a number, \(expected)", as: Double.self) else { return nil }
        guard holds(number) else {
            throw APIError.invalid(place(name), "\(place(name)) is \(number), expected \(expected)")
        }
        return number
    }
}

/// A body that is read field by field.
protocol WireRequest: Decodable {
    init(_ fields: RequestFields, limits: ServerLimits) throws
}

extension CodingUserInfoKey {
    fileprivate static let limits = CodingUserInfoKey(rawValue: "limits")
}

/// Lets a `WireRequest` be decoded with the limits at hand.
private struct Envelope<Content: WireRequest>: Decodable {
    var content: Content

    init(from decoder: any Decoder) throws {
        let limits = CodingUserInfoKey.limits.flatMap { decoder.userInfo[$0] as? ServerLimits } ?? ServerLimits()
        content = try Content(RequestFields(decoder), limits: limits)
    }
}

extension WireRequest {
    init(from decoder: any Decoder) throws { self = try Envelope<Self>(from: decoder).content }

    /// Reads a body. Throws an `APIError` that names the field at fault.
    static func read(_ body: Data, limits: ServerLimits) throws -> Self {
        let decoder = JSONDecoder()
        if let key = CodingUserInfoKey.limits { decoder.userInfo[key] = limits }
        do {
            return try decoder.decode(Envelope<Self>.self, from: body).content
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError.invalid(nil, "the body is not valid JSON")
        }
    }
}
