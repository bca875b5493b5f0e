import ForeignText

/// The tables of a GGUF file (version 2 or 3): metadata and tensors, everything checked against the file's length.
struct GGUFFile {
    let file: MappedFile
    let version: Int
    let metadata: GGUFMetadata
    /// Under the names and with the shapes (outermost first) of the file.
    let tensors: [TensorEntry]

    /// Throws `CheckpointError` naming key, tensor or byte.
    init(_ file: MappedFile) throws {
        self.file = file
        (version, metadata, tensors) = try file.withBytes { bytes in
            try StandInFile.refuse(bytes, name: file.name)
            var cursor = ByteCursor(bytes, file: file.name, place: "header")
            guard bytes.count >= 4, try cursor.take(4).elementsEqual("GGUF".utf8) else {
                throw cursor.fault("this is not a GGUF file", expected: "the bytes 'GGUF' at its start")
            }
            let version = try cursor.integer(UInt32.self)
            guard version == 2 || version == 3 else {
                let isSwapped = version.byteSwapped == 2 || version.byteSwapped == 3
                throw cursor.fault(
                    isSwapped ? "big-endian GGUF is not supported" : "GGUF version \(version) not supported",
                    expected: "version 2 or 3")
            }
            // The least a tensor takes: name length, rank, type, offset; a key: length, type, one byte.
            let tensorCount = try cursor.ggufCount(cursor.integer(), minimumBytes: 24, "tensor count")
            let keyCount = try cursor.ggufCount(cursor.integer(), minimumBytes: 13, "metadata count")
            let metadata = try GGUFMetadata(&cursor, count: keyCount, file: file)
            let tensors = try Self.tensors(&cursor, count: tensorCount, alignment: metadata.alignment(), file: file)
            return (Int(version), metadata, tensors)
        }
    }

    private static func tensors(
        _ cursor: inout ByteCursor, count: Int, alignment: Int, file: MappedFile
    ) throws -> [TensorEntry] {
        var infos: [GGUFTensorInfo] = []
        var names = Set<ExactString>()
        for index in 0..<count {
            cursor.place = "tensor \(index)"
            let info = try GGUFTensorInfo(&cursor)
            guard names.insert(ExactString(info.name)).inserted else {
                throw cursor.fault("duplicate tensor name \(Escaping.quoted(info.name))")
            }
            infos.append(info)
        }
        guard !infos.isEmpty else { return [] }
        // The file ends at most one alignment before the data could start, so this cannot overflow.
        let dataStart = (cursor.position + alignment - 1) / alignment * alignment
        var expected = 0
        return try infos.map { info in
            cursor.place = "tensor \(Escaping.quoted(info.name))"
            guard info.offset == expected else {
                // A valid offset beyond the end is the more helpful thing to say.
                if info.offset > UInt64(max(0, file.byteCount - dataStart)) {
                    throw cursor.fault("tensor data beyond end of file", found: "offset \(info.offset)")
                }
                throw cursor.fault("tensor offset \(info.offset), expected \(expected)")
            }
            guard expected <= file.byteCount - dataStart, info.byteCount <= file.byteCount - dataStart - expected else {
                throw cursor.fault(
                    "tensor size exceeds file: its data reach beyond the end of the file",
                    expected: "\(max(0, file.byteCount - dataStart - expected)) bytes at most",
                    found: "\(info.byteCount)")
            }
            let entry = TensorEntry(
                name: info.name, typeName: GGUFTensorType.name(info.typeNumber),
                type: GGUFTensorType.storedType(info.typeNumber), shape: info.shape, file: file,
                offset: dataStart + expected, byteCount: info.byteCount)
            expected += (info.byteCount + alignment - 1) / alignment * alignment
            return entry
        }
    }
}

/// One record of the tensor table.
struct GGUFTensorInfo {
    let name: String
    let typeNumber: UInt32
    /// Outermost dimension first; the file has them the other way round.
    let shape: [Int]
    let offset: UInt64
    let byteCount: Int

    /// The format's own limits.
    static let nameCap = 64
    static let rankCap = 4

    init(_ cursor: inout ByteCursor) throws {
        let bytes = try cursor.ggufBytes()
        guard bytes.count <= Self.nameCap else {
            throw cursor.fault(
                "tensor name too long", expected: "at most \(Self.nameCap) bytes", found: "\(bytes.count)")
        }
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw cursor.fault("tensor name is not valid UTF-8")
        }
        cursor.place = "tensor \(Escaping.quoted(name))"
        let rank = try cursor.integer(UInt32.self)
        guard rank <= Self.rankCap else { throw cursor.fault("tensor rank \(rank) > \(Self.rankCap)") }
        var shape: [Int] = []
        for _ in 0..<rank {
            let dimension = try cursor.integer(Int64.self)
            guard dimension >= 0 else { throw cursor.fault("negative dimension", found: "\(dimension)") }
            shape.append(Int(dimension))
        }
        shape.reverse()
        let typeNumber = try cursor.integer(UInt32.self)
        guard let type = GGUFTensorType.storedType(typeNumber) else {
            throw cursor.fault(
                "tensor type \(GGUFTensorType.name(typeNumber)) is not supported",
                expected: StoredType.allCases.map { $0.rawValue.uppercased() }.joined(separator: ", "))
        }
        guard let elements = TensorEntry.elementCount(of: shape) else {
            throw cursor.fault("tensor size exceeds file: the shape product overflows", found: "\(shape)")
        }
        let row = shape.last ?? 1
        guard row.isMultiple(of: type.blockSize) else {
            throw cursor.fault(
                "row size \(row) not a multiple of block \(type.blockSize) (\(type.rawValue.uppercased()))")
        }
        let (byteCount, overflow) = (elements / type.blockSize).multipliedReportingOverflow(by: type.bytesPerBlock)
        // A quarter of the range leaves room for padding and sums.
        guard !overflow, byteCount <= Int.max / 4 else {
            throw cursor.fault("tensor size exceeds file: it overflows", found: "\(shape)")
        }
        self.name = name
        self.typeNumber = typeNumber
        self.shape = shape
        self.byteCount = byteCount
        offset = try cursor.integer(UInt64.self)
    }
}
