import ArgumentParser
import Foundation

/// Where a run is kept and what is said about it.
struct RunArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Folder of the run (default: a new one in runs/).", valueName: "folder"))
    var output: String?

    @Flag(name: .long, help: "Go on with the run in --output; what is finished is not repeated.")
    var resume = false

    @Flag(name: .long, help: "No progress and no table.")
    var quiet = false

    @Flag(name: .long, help: "Print the report as JSON on stdout, and nothing else there.")
    var json = false

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["--output": output])
        if resume && output == nil { throw ValidationError("--resume needs --output, the folder of the run.") }
    }

    /// The folder of the run; a new one is named by date and content.
    func folder(named content: String) -> URL { Self.folder(output, named: content) }

    static func folder(_ output: String?, named content: String) -> URL {
        if let output { return URL(fileURLWithPath: output) }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        let safe = content.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") ? $0 : "-" }
        return URL(fileURLWithPath: "runs/\(formatter.string(from: Date()))-\(String(safe))")
    }
}
