import ForeignText

/// The table of a `.safetensors` file: 8 bytes header length, a JSON header, then the tensors' bytes without holes.
struct SafetensorsFile {
    let file: MappedFile
    let tensors: [TensorEntry]
    /// The header's `__metadata__`, in the order of the file.
    let metadata: [(key: String, value: String)]

    /// The official reader's cap.
    static let headerCap = 100_000_000

    /// Throws `CheckpointError` unless every tensor lies exactly where its shape and type say.
    init(_ file: MappedFile) throws {
        self.file = file
        (tensors, metadata) = try file.withBytes { bytes in
            let header = try Self.header(bytes, file: file)
            return try Self.table(header, dataStart: 8 + header.count, file: file)
        }
    }

    private static func header(_ bytes: UnsafeRawBufferPointer, file: MappedFile) throws -> UnsafeRawBufferPointer {
        func fault(_ problem: String, expected: String = "", found: String = "") -> CheckpointError {
            CheckpointError(problem, file: file.name, place: "header", expected: expected, found: found)
        }
        try StandInFile.refuse(bytes, name: file.name)
        guard bytes.count >= 8 else {
            throw fault("the file is shorter than the 8-byte header length", found: "\(bytes.count) bytes")
        }
        let magic = bytes.prefix(4)
        if magic.elementsEqual([0x50, 0x4b, 0x03, 0x04]) {
            throw CheckpointError(
                "this is a zip file (torch .pt or .bin), not safetensors", file: file.name,
                mend: "rename it to .bin or convert it")
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length > 0 else { throw fault("empty header", expected: "a JSON object") }
        guard let count = Int(exactly: length), count <= bytes.count - 8 else {
            throw fault(
                "the header length exceeds the file size", expected: "at most \(bytes.count - 8) bytes",
                found: "\(length)")
        }
        guard count <= headerCap else {
            throw fault("the header length exceeds the 100 MB cap", found: "\(count) bytes")
        }
        let header = UnsafeRawBufferPointer(rebasing: bytes[8..<8 + count])
        guard header[0] == UInt8(ascii: "{") else {
            throw fault("the header must be a JSON object that starts with '{'", found: "byte \(header[0])")
        }
        return header
    }

    private static func table(
        _ header: UnsafeRawBufferPointer, dataStart: Int, file: MappedFile
    ) throws -> ([TensorEntry], [(key: String, value: String)]) {
        let value = try JSONFile.parse(header, file: file.name, place: "header")
        guard let object = value.object else {
            throw CheckpointError("the header must be a JSON object", file: file.name, found: value.summary)
        }
        var tensors: [TensorEntry] = []
        var metadata: [(key: String, value: String)] = []
        for (name, value) in object.entries {
            if name == "__metadata__" {
                metadata = try Self.metadata(value, file: file)
            } else {
                let reader = SafetensorsEntryReader(name: name, dataStart: dataStart, file: file)
                tensors.append(try reader.entry(value))
            }
        }
        try checkLayout(tensors, dataStart: dataStart, file: file)
        return (tensors, metadata)
    }

    private static func metadata(_ value: JSONValue, file: MappedFile) throws -> [(key: String, value: String)] {
        guard let object = value.object else {
            throw CheckpointError("__metadata__ must be an object of strings", file: file.name, found: value.summary)
        }
        return try object.entries.map { key, value in
            guard let text = value.string else {
                throw CheckpointError(
                    "__metadata__ must be an object of strings", file: file.name, place: "key \(Escaping.quoted(key))",
                    found: value.summary)
            }
            return (key, text)
        }
    }

    /// The tensors must follow each other without overlap or hole and fill the file: bytes that no tensor owns could
    /// hide another file.
    private static func checkLayout(_ tensors: [TensorEntry], dataStart: Int, file: MappedFile) throws {
        var end = dataStart
        var last: TensorEntry?
        for tensor in tensors.sorted(by: { ($0.offset, $0.byteCount) < ($1.offset, $1.byteCount) }) {
            if tensor.offset < end, let last {
                throw CheckpointError(
                    "tensors \(Escaping.quoted(last.name)) and \(Escaping.quoted(tensor.name)) overlap",
                    file: file.name,
                    expected: "a start at byte \(end - dataStart)", found: "\(tensor.offset - dataStart)")
            }
            guard tensor.offset == end else {
                throw CheckpointError(
                    "there is a hole at byte \(end - dataStart)..\(tensor.offset - dataStart) of the data",
                    file: file.name, place: "before tensor \(Escaping.quoted(tensor.name))")
            }
            end = tensor.offset + tensor.byteCount
            last = tensor
        }
        guard end == file.byteCount else {
            throw CheckpointError(
                "there are bytes after the last tensor", file: file.name, expected: "\(end) bytes in the file",
                found: "\(file.byteCount)")
        }
    }
}
