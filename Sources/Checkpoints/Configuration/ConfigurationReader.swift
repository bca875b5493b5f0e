import ForeignText

/// Reads checked values from a config.json object; null counts as absent.
struct ConfigurationReader {
    let object: JSONObject
    let file: String
    /// "rope_scaling." and the like, in front of keys in messages.
    var prefix = ""

    func fault(_ key: String, _ problem: String, found: String = "") -> CheckpointError {
        CheckpointError(
            "\(prefix)\(key) \(problem)", file: file, found: found,
            mend: "correct the configuration or download it again")
    }

    /// An integer within `range`. Without a value: `fallback`, or an error when that is nil.
    func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws -> Int {
        if let value = try optionalInteger(key, in: range) { return value }
        guard let fallback else { throw fault(key, "is missing") }
        return fallback
    }

    func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = object[key] else { return nil }
        guard value.isWhole, let rounded = value.double else {
            throw fault(key, "must be an integer", found: value.summary)
        }
        if let number = value.integer, range.contains(number) { return number }
        let isTooSmall = rounded < Double(range.lowerBound)
        throw fault(
            key, isTooSmall ? "must be >= \(range.lowerBound)" : "must be <= \(range.upperBound)", found: value.summary)
    }

    func double(_ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil) throws -> Double {
        guard let value = object[key] else {
            guard let fallback else { throw fault(key, "is missing") }
            return fallback
        }
        guard let number = value.double else { throw fault(key, "must be a number", found: value.summary) }
        guard range.contains(number) else {
            throw fault(key, "must lie in \(range.lowerBound)...\(range.upperBound)", found: "\(number)")
        }
        return number
    }

    func bool(_ key: String, default fallback: Bool) throws -> Bool {
        guard let value = object[key] else { return fallback }
        guard let flag = value.bool else { throw fault(key, "must be true or false", found: value.summary) }
        return flag
    }

    func string(_ key: String) throws -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.string else { throw fault(key, "must be a string", found: value.summary) }
        return text
    }

    /// A token id or a list of them. Whether they lie in the vocabulary is checked later.
    func tokenIDs(_ key: String) throws -> [Int] {
        guard let value = object[key] else { return [] }
        let values = value.array ?? [value]
        return try values.map { value in
            guard let id = value.integer else { throw fault(key, "must be an integer", found: value.summary) }
            return id
        }
    }

    /// One token id; a negative one means none (an old way to write it).
    func tokenID(_ key: String) throws -> Int? { try tokenIDs(key).first.flatMap { $0 < 0 ? nil : $0 } }

    func section(_ key: String) throws -> ConfigurationReader? {
        guard let value = object[key] else { return nil }
        guard let object = value.object else { throw fault(key, "must be an object", found: value.summary) }
        return ConfigurationReader(object: object, file: file, prefix: "\(key).")
    }
}
