import ForeignText

/// The table of contents of a zip file whose entries are stored without compression, as torch writes them; zip64
/// included. Nothing is extracted: an entry is a range of the file.
struct ZipArchive {
    /// Byte range of each entry's content, by name.
    let entries: [String: Range<Int>]

    private static let localSignature: UInt32 = 0x0403_4b50
    private static let centralSignature: UInt32 = 0x0201_4b50
    private static let endSignature: UInt32 = 0x0605_4b50
    private static let end64LocatorSignature: UInt32 = 0x0706_4b50
    private static let end64Signature: UInt32 = 0x0606_4b50

    /// `bytes`: the whole file.
    init(_ bytes: UnsafeRawBufferPointer, file: String) throws {
        var cursor = ByteCursor(bytes, file: file, place: "zip directory")
        let (start, count) = try Self.findDirectory(&cursor)
        try cursor.seek(start)
        // An entry of the directory takes 46 bytes or more.
        guard count <= UInt64(cursor.remaining / 46) else {
            throw cursor.fault("entry count exceeds what the file can hold", found: "\(count)")
        }
        var entries: [String: Range<Int>] = [:]
        for index in 0..<Int(count) {
            cursor.place = "zip entry \(index)"
            let (name, range) = try Self.entry(&cursor)
            guard entries.updateValue(range, forKey: name) == nil else {
                throw cursor.fault("duplicate entry \(Escaping.quoted(name))")
            }
        }
        self.entries = entries
    }

    /// Offset and entry count of the central directory, from the record at the end of the file.
    private static func findDirectory(_ cursor: inout ByteCursor) throws -> (start: Int, count: UInt64) {
        let bytes = cursor.bytes
        // 22 bytes and a comment of at most 65535.
        let lowest = max(0, bytes.count - 22 - 65535)
        var position = bytes.count - 22
        while position >= lowest {
            if bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self) == endSignature.littleEndian { break }
            position -= 1
        }
        guard position >= lowest else {
            throw cursor.fault("the end of the zip file is missing: it is truncated or no zip file")
        }
        try cursor.seek(position + 4 + 2 + 2 + 2)
        let count = try cursor.integer(UInt16.self)
        _ = try cursor.integer(UInt32.self)
        let start = try cursor.integer(UInt32.self)
        guard count == .max || start == .max else { return (Int(start), UInt64(count)) }

        // zip64: a locator right before the end record points to a larger one.
        try cursor.seek(position - 20)
        guard try cursor.integer(UInt32.self) == end64LocatorSignature else {
            return (Int(start), UInt64(count))
        }
        try cursor.skip(4)
        try cursor.seek(try offset(cursor.integer(), cursor))
        guard try cursor.integer(UInt32.self) == end64Signature else {
            throw cursor.fault("the zip64 record is not where the file says")
        }
        try cursor.skip(8 + 2 + 2 + 4 + 4 + 8)
        let count64 = try cursor.integer(UInt64.self)
        try cursor.skip(8)
        return (try offset(cursor.integer(), cursor), count64)
    }

    private static func offset(_ raw: UInt64, _ cursor: ByteCursor) throws -> Int {
        guard let value = Int(exactly: raw), value <= cursor.bytes.count else {
            throw cursor.fault("an offset lies beyond the end of the file", found: "\(raw)")
        }
        return value
    }

    private static func entry(_ cursor: inout ByteCursor) throws -> (String, Range<Int>) {
        guard try cursor.integer(UInt32.self) == centralSignature else {
            throw cursor.fault("the directory entry has no signature")
        }
        try cursor.skip(4)
        let flags = try cursor.integer(UInt16.self)
        let method = try cursor.integer(UInt16.self)
        try cursor.skip(4 + 4)
        var stored = UInt64(try cursor.integer(UInt32.self))
        var size = UInt64(try cursor.integer(UInt32.self))
        let nameCount = Int(try cursor.integer(UInt16.self))
        let extraCount = Int(try cursor.integer(UInt16.self))
        let commentCount = Int(try cursor.integer(UInt16.self))
        try cursor.skip(2 + 2 + 4)
        var header = UInt64(try cursor.integer(UInt32.self))
        guard let name = String(validating: try cursor.take(nameCount), as: UTF8.self) else {
            throw cursor.fault("the entry's name is not valid UTF-8")
        }
        cursor.place = "zip entry \(Escaping.quoted(name))"
        let extra = try cursor.take(extraCount)
        try cursor.skip(commentCount)
        try readZip64(extra, file: cursor.file, size: &size, stored: &stored, header: &header)
        guard flags & 1 == 0 else { throw cursor.fault("the entry is encrypted") }
        guard method == 0, stored == size else {
            throw cursor.fault("the entry is compressed", expected: "method 0 (stored), as torch.save writes")
        }
        // The local header repeats name and extra field, with lengths of its own.
        var local = cursor
        try local.seek(try offset(header, cursor))
        guard try local.integer(UInt32.self) == localSignature else {
            throw cursor.fault("the entry's header is not where the directory says")
        }
        try local.skip(22)
        let localName = Int(try local.integer(UInt16.self))
        let localExtra = Int(try local.integer(UInt16.self))
        try local.skip(localName + localExtra)
        guard let length = Int(exactly: size), length <= local.remaining else {
            throw cursor.fault("the entry reaches beyond the end of the file", found: "\(size) bytes")
        }
        return (name, local.position..<local.position + length)
    }

    /// Extra field 1 holds, in this order, those of the three values that are all ones in the entry itself.
    private static func readZip64(
        _ extra: UnsafeRawBufferPointer, file: String, size: inout UInt64, stored: inout UInt64, header: inout UInt64
    ) throws {
        var fields = ByteCursor(extra, file: file, place: "zip extra field")
        while fields.remaining >= 4 {
            let kind = try fields.integer(UInt16.self)
            let content = try fields.take(Int(try fields.integer(UInt16.self)))
            guard kind == 1 else { continue }
            var values = ByteCursor(content, file: file, place: "zip64 extra field")
            if size == 0xffff_ffff { size = try values.integer() }
            if stored == 0xffff_ffff { stored = try values.integer() }
            if header == 0xffff_ffff { header = try values.integer() }
        }
    }
}
