import CBuild
import RunRecords
import Tensors

/// What this binary is.
enum Version {
    static let number = "0.1.0"
    static let line = "yuanbench \(number)"
    /// The commit it was built from, if the build was told.
    static let commit = String(cString: yb_build_commit())
    static let record = ToolRecord(name: "yuanbench", version: number, build: commit)

    /// Version, commit, OpenBLAS and kernels, a line each.
    static var full: String {
        var lines = ["\(line) (commit \(commit))"]
        if let backend = try? Backend(dtype: .fp32, threads: 1).description {
            lines += ["OpenBLAS \(backend.openblasVersion), core \(backend.openblasCore)", "kernels \(backend.isa)"]
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
