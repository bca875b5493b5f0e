import Foundation

/// What was asked for goes to stdout, unbuffered, so that a stream reaches a pipe as it comes.
enum Output {
    /// A reader that went away has seen what it wanted; anything else that is not written was asked for in vain.
    ///
    /// - Throws: `Failure` where the text cannot be written, on a full disk for instance.
    static func write(_ text: String) throws {
        var text = text
        let error = text.withUTF8 { StandardStreams.write(UnsafeRawBufferPointer($0), to: STDOUT_FILENO) }
        guard error != 0, error != EPIPE else { return }
        throw Failure(
            Exit.cannotWrite,
            "standard output: cannot be written (\(String(cString: strerror(error)))); make room where it goes, or send "
                + "it elsewhere")
    }
}

/// Everything that is said rather than asked for goes to stderr.
enum Talk {
    static func say(_ text: String) { write(text + "\n") }

    static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

enum Input {
    /// The text of a file, or of standard input for "-".
    static func text(ofFile path: String) throws -> String {
        let data: Data
        do {
            data =
                path == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data()
                : try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Failure(Exit.badInput, "\(path): cannot be read (\(error.localizedDescription))")
        }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw Failure(Exit.badInput, "\(path): is not UTF-8 text; convert it first")
        }
        return text
    }
}
