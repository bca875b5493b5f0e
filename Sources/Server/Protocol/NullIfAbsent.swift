/// An optional that is written as `null` when there is no value; the protocol has keys that are always there.
@propertyWrapper
struct NullIfAbsent<Value: Encodable & Sendable>: Encodable, Sendable {
    private var value: Value?
    var wrappedValue: Value? {
        get { value }
        set { value = newValue }
    }

    init(wrappedValue: Value?) { value = wrappedValue }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value {
            try container.encode(value)
        } else {
            try container.encodeNil()
        }
    }
}
