/// Reads little-endian values one after the other from lent bytes; every read is checked against what remains.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    let file: String
    /// Named in errors: what is being read at the moment.
    var place: String
    private(set) var position = 0

    var remaining: Int { bytes.count - position }

    init(_ bytes: UnsafeRawBufferPointer, file: String, place: String = "") {
        self.bytes = bytes
        self.file = file
        self.place = place
    }

    func fault(_ problem: String, expected: String = "", found: String = "") -> CheckpointError {
        CheckpointError(problem, file: file, place: place, expected: expected, found: found)
    }

    mutating func seek(_ target: Int) throws {
        guard target >= 0, target <= bytes.count else {
            throw fault(
                "it points outside of the file", expected: "a place from 0 to \(bytes.count)", found: "\(target)")
        }
        position = target
    }

    mutating func skip(_ count: Int) throws { _ = try take(count) }

    /// The next `count` bytes.
    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0 else { throw fault("a length below zero", found: "\(count) at byte \(position)") }
        guard count <= remaining else { throw endOfFile(needing: count) }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws -> T {
        let size = MemoryLayout<T>.size
        guard size <= remaining else { throw endOfFile(needing: size) }
        defer { position += size }
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
    }

    mutating func byte() throws -> UInt8 { try integer() }

    /// The next bytes up to `terminator`, which is consumed.
    mutating func take(upTo terminator: UInt8) throws -> UnsafeRawBufferPointer {
        guard let end = bytes[position...].firstIndex(of: terminator) else { throw endOfFile(needing: remaining + 1) }
        let slice = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
        position = end + 1
        return slice
    }

    private func endOfFile(needing count: Int) -> CheckpointError {
        fault(
            "unexpected end of file", expected: "\(count) more bytes at byte \(position)", found: "\(remaining)")
    }
}
