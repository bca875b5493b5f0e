import ForeignText

/// The table of a torch checkpoint (`pytorch_model.bin`): a zip file with the pickled state dict `data.pkl` and one
/// entry `data/<key>` a storage. Tensors are views of storages, and may share one.
struct TorchFile {
    let file: MappedFile
    let tensors: [TensorEntry]

    private static let pickleCap = 32 << 20

    /// Throws `CheckpointError` for anything but a state dict of contiguous tensors within their storages.
    init(_ file: MappedFile) throws {
        self.file = file
        tensors = try file.withBytes { bytes in
            try Self.checkKind(bytes, file: file)
            let archive = try ZipArchive(bytes, file: file.name)
            let (folder, pickle) = try Self.pickle(in: archive, file: file)
            if let order = archive.entries[folder + "byteorder"], !bytes[order].elementsEqual("little".utf8) {
                throw CheckpointError(
                    "only little-endian tensors are supported", file: file.name, place: "byteorder",
                    found: Escaping.quoted(String(decoding: bytes[order].prefix(16), as: UTF8.self)))
            }
            var names = Set<ExactString>()
            return try PickleMachine.stateDictionary(UnsafeRawBufferPointer(rebasing: bytes[pickle]), file: file.name)
                .map { name, tensor in
                    guard names.insert(ExactString(name)).inserted, name.utf8.count <= TensorEntry.nameCap else {
                        throw CheckpointError(
                            "a tensor's name occurs twice or is too long", file: file.name,
                            place: "tensor \(Escaping.quoted(name))")
                    }
                    let storage = archive.entries[folder + "data/" + tensor.storage.key]
                    return try TorchTensorReader(name: name, file: file).entry(tensor, storage: storage)
                }
        }
    }

    private static func checkKind(_ bytes: UnsafeRawBufferPointer, file: MappedFile) throws {
        let start = bytes.prefix(4)
        if start.elementsEqual([0x50, 0x4b, 0x03, 0x04]) { return }
        try StandInFile.refuse(bytes, name: file.name)
        // The pickled magic number of torch before 1.6.
        let isLegacy = start.count >= 2 && start[0] == 0x80 && (1...5).contains(start[1])
        let convert = "save it again with a torch of version 1.6 or newer, or convert it to safetensors"
        throw CheckpointError(
            isLegacy
                ? "this is a legacy torch file (a bare pickle, before torch 1.6)" : "this is not a torch checkpoint",
            file: file.name, expected: "a zip file", mend: isLegacy ? convert : CheckpointError.defaultMend)
    }

    private static func pickle(in archive: ZipArchive, file: MappedFile) throws -> (folder: String, range: Range<Int>) {
        let found = archive.entries.filter { $0.key == "data.pkl" || $0.key.hasSuffix("/data.pkl") }
        guard found.count == 1, let (name, range) = found.first, range.count <= pickleCap else {
            throw CheckpointError(
                "no usable data.pkl in the zip file", file: file.name, expected: "one of at most \(pickleCap) bytes",
                found: "\(found.count)")
        }
        return (String(name.dropLast("data.pkl".count)), range)
    }
}

/// Checks one tensor of a state dict against its storage.
struct TorchTensorReader {
    let name: String
    let file: MappedFile

    /// `storage`: the storage's bytes in the file, nil when there is no such entry.
    func entry(_ tensor: TorchTensor, storage: Range<Int>?) throws -> TensorEntry {
        let type = tensor.storage.type
        guard let storage else {
            throw fault("its storage \(Escaping.quoted(tensor.storage.key)) is missing from the zip file")
        }
        let (needed, overflow) = tensor.storage.count.multipliedReportingOverflow(by: type.bytes)
        guard !overflow, needed <= storage.count else {
            throw fault(
                "its storage is shorter than declared", expected: "\(tensor.storage.count) × \(type.bytes) bytes",
                found: "\(storage.count)")
        }
        guard tensor.shape.count <= TensorEntry.rankCap, tensor.strides.count == tensor.shape.count else {
            throw fault("shape and strides are too long or differ in length")
        }
        guard tensor.shape.allSatisfy({ $0 >= 0 }), tensor.offset >= 0 else {
            throw fault("negative dimension or offset", found: "\(tensor.shape), \(tensor.offset)")
        }
        guard let elements = TensorEntry.elementCount(of: tensor.shape) else {
            throw fault("the shape product overflows", found: "\(tensor.shape)")
        }
        guard isContiguous(tensor) else {
            throw fault(
                "it is not contiguous (a transposed or strided view)", found: "strides \(tensor.strides)",
                mend: "call .contiguous() before saving, or convert the model to safetensors")
        }
        let (end, endOverflow) = tensor.offset.addingReportingOverflow(elements)
        guard !endOverflow, end <= tensor.storage.count else {
            throw fault(
                "it reaches beyond its storage", expected: "at most \(tensor.storage.count) numbers",
                found: "\(tensor.offset) + \(elements)")
        }
        return TensorEntry(
            name: name, typeName: type.typeName, type: type.type, shape: tensor.shape, file: file,
            offset: storage.lowerBound + tensor.offset * type.bytes, byteCount: elements * type.bytes)
    }

    /// Row-major; the stride of a dimension of 1 never matters, nor any of an empty tensor.
    private func isContiguous(_ tensor: TorchTensor) -> Bool {
        if tensor.shape.contains(0) { return true }
        var expected = 1
        for (dimension, stride) in zip(tensor.shape, tensor.strides).reversed() where dimension != 1 {
            guard stride == expected else { return false }
            // Cannot overflow: the product of all dimensions was checked.
            expected *= dimension
        }
        return true
    }

    private func fault(
        _ problem: String, expected: String = "", found: String = "", mend: String = CheckpointError.defaultMend
    ) -> CheckpointError {
        CheckpointError(
            problem, file: file.name, place: "tensor \(Escaping.quoted(name))", expected: expected, found: found,
            mend: mend)
    }
}
