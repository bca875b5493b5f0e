import ForeignText

/// The key/value table of a GGUF file, with typed and range-checked access.
struct GGUFMetadata {
    let file: MappedFile
    /// In the order of the file; keys are unique.
    let entries: [(key: String, value: GGUFValue)]
    private let positions: [ExactString: Int]

    static let keyCap = 65535

    init(_ cursor: inout ByteCursor, count: Int, file: MappedFile) throws {
        self.file = file
        var entries: [(key: String, value: GGUFValue)] = []
        var positions: [ExactString: Int] = [:]
        for index in 0..<count {
            cursor.place = "metadata key \(index)"
            let bytes = try cursor.ggufBytes()
            guard bytes.count <= Self.keyCap, let key = String(validating: bytes, as: UTF8.self) else {
                throw cursor.fault("the key is not valid UTF-8 or longer than \(Self.keyCap) bytes")
            }
            cursor.place = "metadata key \(Escaping.quoted(key))"
            let value = try cursor.ggufValue(cursor.ggufValueType())
            guard positions.updateValue(index, forKey: ExactString(key)) == nil else {
                throw cursor.fault("duplicate metadata key")
            }
            entries.append((key, value))
        }
        self.entries = entries
        self.positions = positions
    }

    subscript(key: String) -> GGUFValue? { positions[ExactString(key)].map { entries[$0].value } }

    func fault(_ key: String, _ problem: String, found: String = "") -> CheckpointError {
        CheckpointError("\(Escaping.line(key)) \(problem)", file: file.name, place: "metadata", found: found)
    }

    func string(_ key: String) throws -> String? {
        guard let value = self[key] else { return nil }
        guard case .string(let text) = value else { throw fault(key, "must be a string", found: value.summary) }
        guard let text else { throw fault(key, "is not valid UTF-8") }
        return text
    }

    func bool(_ key: String) throws -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .bool(let flag) = value else { throw fault(key, "must be a boolean", found: value.summary) }
        return flag
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = self[key] else { return nil }
        switch value {
        case .integer(let number) where range.contains(number): return number
        case .integer, .hugeInteger:
            throw fault(key, "out of range \(range.lowerBound)...\(range.upperBound)", found: value.summary)
        default: throw fault(key, "must be an integer", found: value.summary)
        }
    }

    func double(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        guard let value = self[key] else { return nil }
        let number: Double
        switch value {
        case .float(let float): number = float
        case .integer(let integer): number = Double(integer)
        default: throw fault(key, "must be a number", found: value.summary)
        }
        guard range.contains(number) else {
            throw fault(key, "out of range \(range.lowerBound)...\(range.upperBound)", found: "\(number)")
        }
        return number
    }

    func strings(_ key: String) throws -> [String]? {
        try elements(key, expecting: [.string]) { cursor, _ in
            guard let text = String(validating: try cursor.ggufBytes(), as: UTF8.self) else {
                throw cursor.fault("the string is not valid UTF-8")
            }
            return text
        }
    }

    func floats(_ key: String) throws -> [Float]? {
        try elements(key, expecting: [.float32]) { cursor, _ in Float(bitPattern: try cursor.integer()) }
    }

    func integers(_ key: String) throws -> [Int32]? {
        try elements(key, expecting: [.int32, .uint32]) { cursor, _ in try cursor.integer() }
    }

    private func elements<Element>(
        _ key: String, expecting types: [GGUFValueType], _ read: (inout ByteCursor, Int) throws -> Element
    ) throws -> [Element]? {
        guard let value = self[key] else { return nil }
        guard case .array(let array) = value, types.contains(array.elementType) else {
            throw fault(key, "must be an array of \(types[0])", found: value.summary)
        }
        return try file.withBytes(array.range) { bytes in
            var cursor = ByteCursor(bytes, file: file.name)
            var result: [Element] = []
            result.reserveCapacity(array.count)
            for index in 0..<array.count {
                do {
                    result.append(try read(&cursor, index))
                } catch let error as CheckpointError {
                    throw fault(key, "[\(index)]: \(error.problem)")
                }
            }
            return result
        }
    }

    /// `general.alignment`: tensors start at its multiples.
    func alignment() throws -> Int {
        guard let value = self["general.alignment"] else { return 32 }
        guard case .integer(let number) = value else {
            throw fault("general.alignment", "must be an integer", found: value.summary)
        }
        guard number >= 1, number & (number - 1) == 0 else {
            throw fault("general.alignment", "alignment must be a power of two >= 1", found: "\(number)")
        }
        guard number <= 1 << 16 else {
            throw fault("general.alignment", "alignment too large, at most 65536", found: "\(number)")
        }
        return number
    }
}
