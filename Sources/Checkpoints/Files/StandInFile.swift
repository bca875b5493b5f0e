/// What downloads leave in place of a model file: a pointer of Git LFS, or the page of a web site.
enum StandInFile {
    /// - Throws: `CheckpointError` that names what the file is instead.
    static func refuse(_ bytes: UnsafeRawBufferPointer, name: String) throws {
        let start = bytes.prefix(512).drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
        if start.starts(with: "version https://git-lfs".utf8) {
            throw CheckpointError(
                "this is a Git LFS pointer, not the file it stands for", file: name, found: "\(bytes.count) bytes",
                mend: "run git lfs pull in its repository, or download the file itself")
        }
        let lower = start.prefix(16).map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        if lower.starts(with: "<!doctype html".utf8) || lower.starts(with: "<html".utf8) {
            throw CheckpointError(
                "this is an HTML page, not a model file", file: name, found: "\(bytes.count) bytes",
                mend: "download the file itself, not the page that shows it (and log in, where that is asked for)")
        }
    }
}
