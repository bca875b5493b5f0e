/// An array that older reports do not have: an absent key is read as no elements.
@propertyWrapper
package struct EmptyIfAbsent<Element: Codable & Sendable>: Codable, Sendable {
    package var wrappedValue: [Element]

    package init(wrappedValue: [Element]) {
        self.wrappedValue = wrappedValue
    }

    package init(from decoder: any Decoder) throws {
        wrappedValue = try decoder.singleValueContainer().decode([Element].self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension EmptyIfAbsent: Equatable where Element: Equatable {}

extension KeyedDecodingContainer {
    /// Chosen by synthesised `init(from:)` for every `@EmptyIfAbsent` property.
    package func decode<Element>(_ type: EmptyIfAbsent<Element>.Type, forKey key: Key) throws -> EmptyIfAbsent<Element>
    {
        try decodeIfPresent(type, forKey: key) ?? EmptyIfAbsent(wrappedValue: [])
    }
}
