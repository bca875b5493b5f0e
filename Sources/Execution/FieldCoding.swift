/// The payload of a role in Python: for each field a line `name length`, then that many bytes.
enum FieldCoding {
    static func encode(_ fields: [(String, String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            let text = Array(value.utf8)
            bytes.append(contentsOf: "\(name) \(text.count)\n".utf8)
            bytes.append(contentsOf: text)
        }
        return bytes
    }
}
