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
    /// Longer texts are no prompts and no keys: what has no end (`/dev/zero`) is not waited for.
    private static let largestSize = 256 << 20

    /// The text of a file or a pipe, or of standard input for "-".
    static func text(ofFile path: String) throws -> String {
        guard path != "-" else { return try text(of: STDIN_FILENO, name: "standard input") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        return try text(of: descriptor, name: path)
    }

    private static func text(of descriptor: Int32, name: String) throws -> String {
        var data: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(name, errno)
            }
            data += buffer[..<count]
            guard data.count <= largestSize else {
                throw Failure(
                    Exit.badInput, "\(name): longer than \(largestSize) bytes, which no prompt is; name another file")
            }
        }
        // Without the byte order mark that some editors write.
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw Failure(Exit.badInput, "\(name): is not UTF-8 text; convert it first")
        }
        return text
    }

    private static func unreadable(_ name: String, _ error: Int32) -> Failure {
        let mend =
            switch error {
            case EISDIR: "name a file in it"
            case ENOENT, ENOTDIR: "name one that is there"
            case EACCES, EPERM: "check its permissions"
            default: "name another file"
            }
        return Failure(
            Exit.badInput, "\(name): cannot be read (\(String(cString: strerror(error)))); \(mend)")
    }
}
