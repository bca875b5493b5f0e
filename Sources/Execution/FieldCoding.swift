/// Frames exchanged with the driver in the box: for each field a line `name length`, then that many bytes.
enum FieldCoding {
    static func encode(_ fields: [(String, [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes.append(contentsOf: "\(name) \(value.count)\n".utf8)
            bytes.append(contentsOf: value)
        }
        return bytes
    }

    /// The fields, or nil where the bytes are not whole frames.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [String: [UInt8]]? {
        var fields: [String: [UInt8]] = [:]
        var rest = bytes
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let words = String(decoding: rest[rest.startIndex..<end], as: UTF8.self).split(separator: " ")
            rest = rest[(end + 1)...]
            guard words.count == 2, let count = Int(words[1]), count >= 0, count <= rest.count else { return nil }
            fields[String(words[0])] = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return fields
    }
}
