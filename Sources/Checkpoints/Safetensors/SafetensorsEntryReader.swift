import ForeignText

/// Checks one entry of a safetensors header: `{"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}`.
struct SafetensorsEntryReader {
    let name: String
    /// Byte of the file at which offset 0 lies.
    let dataStart: Int
    let file: MappedFile

    /// Bytes a number and the type as weights know it.
    private static let types: [String: (bytes: Int, type: StoredType?)] = [
        "F32": (4, .f32), "F16": (2, .f16), "BF16": (2, .bf16),
        "F64": (8, nil), "I64": (8, nil), "U64": (8, nil), "C64": (8, nil), "I32": (4, nil), "U32": (4, nil),
        "I16": (2, nil), "U16": (2, nil), "I8": (1, nil), "U8": (1, nil), "BOOL": (1, nil),
        "F8_E4M3": (1, nil), "F8_E5M2": (1, nil), "F8_E8M0": (1, nil),
    ]

    func entry(_ value: JSONValue) throws -> TensorEntry {
        guard name.utf8.count <= TensorEntry.nameCap else {
            throw fault("the tensor name is too long", expected: "at most \(TensorEntry.nameCap) bytes")
        }
        guard let object = value.object else {
            throw fault("the entry must be an object", found: value.summary)
        }
        let typeName = try required("dtype", in: object)
        guard let typeName = typeName.string else { throw fault("dtype must be a string", found: typeName.summary) }
        guard let (bytes, type) = Self.types[typeName] else {
            throw fault("unknown dtype \(Escaping.line(typeName, limit: 40))")
        }
        let shape = try integers("shape", in: object, cap: TensorEntry.rankCap)
        guard let elements = TensorEntry.elementCount(of: shape) else {
            throw fault("the shape product overflows", found: "\(shape)")
        }
        let (byteCount, overflow) = elements.multipliedReportingOverflow(by: bytes)
        guard !overflow else { throw fault("the tensor size overflows", found: "\(shape) of \(typeName)") }

        let offsets = try integers("data_offsets", in: object, cap: 2)
        guard offsets.count == 2 else {
            throw fault("data_offsets must be two numbers", found: "\(offsets.count)")
        }
        guard offsets[1] >= offsets[0] else {
            throw fault("data_offsets: the end offset lies before the begin offset", found: "\(offsets)")
        }
        guard offsets[1] <= file.byteCount - dataStart else {
            throw fault(
                "data truncated: need \(offsets[1]) bytes, have \(file.byteCount - dataStart)",
                mend: "download the file again")
        }
        guard offsets[1] - offsets[0] == byteCount else {
            throw fault(
                "data_offsets do not fit shape \(shape) of \(typeName)", expected: "\(byteCount) bytes",
                found: "\(offsets[1] - offsets[0])")
        }
        return TensorEntry(
            name: name, typeName: typeName, type: type, shape: shape, file: file, offset: dataStart + offsets[0],
            byteCount: byteCount)
    }

    private func required(_ key: String, in object: JSONObject) throws -> JSONValue {
        guard let value = object[key] else { throw fault("missing \(key)") }
        return value
    }

    private func integers(_ key: String, in object: JSONObject, cap: Int) throws -> [Int] {
        let value = try required(key, in: object)
        guard let array = value.array else { throw fault("\(key) must be an array", found: value.summary) }
        guard array.count <= cap else {
            throw fault("\(key) has too many numbers", expected: "at most \(cap)", found: "\(array.count)")
        }
        let noun = key == "shape" ? "dimension" : "data offset"
        return try array.map { value in
            guard value.isWhole else { throw fault("\(noun) is not an integer", found: value.summary) }
            guard let number = value.integer else { throw fault("\(noun) out of range", found: value.summary) }
            guard number >= 0 else { throw fault("negative \(noun)", found: "\(number)") }
            return number
        }
    }

    private func fault(
        _ problem: String, expected: String = "", found: String = "", mend: String = CheckpointError.defaultMend
    ) -> CheckpointError {
        CheckpointError(
            problem, file: file.name, place: "tensor \(Escaping.quoted(name))", expected: expected, found: found,
            mend: mend)
    }
}
