import RunRecords

/// How somebody else gets the same numbers.
enum RepeatSection {
    static func blocks(_ report: Report) -> [String] {
        let command =
            report.command.isEmpty
            ? "The command line was not recorded."
            : Markdown.block(report.command.map(ShellWord.quoted).joined(separator: " "), language: "sh")
        let tool = report.tool
        return [
            "## How to repeat it", command,
            "Made by \(Markdown.plain(tool.name)) \(Markdown.plain(tool.version)) (build \(Markdown.plain(tool.build))), "
                + "\(Markdown.plain(report.createdAt)). The same model, data and settings give the same tokens, whatever the batch "
                + "size or the number of threads; speed and memory are this host's.",
        ]
    }
}

/// Words of a POSIX shell.
enum ShellWord {
    /// The word as it is typed: quoted only if the shell would read it otherwise.
    static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-./,:=+@%".unicodeScalars.contains($0))
        }
        if isPlain && !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
