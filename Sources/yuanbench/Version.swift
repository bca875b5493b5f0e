import RunRecords

/// What this binary is.
enum Version {
    static let number = "0.1.0"
    static let line = "yuanbench \(number)"
    /// A package build does not know its commit.
    static let record = ToolRecord(name: "yuanbench", version: number, build: "unknown")
}
