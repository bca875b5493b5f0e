import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The Python that runs the tests, and the folders it needs to see.
struct Interpreter: Sendable {
    var executable: String
    var version: String
    /// Prefixes and standard library; those below /usr are visible anyway.
    var folders: [String]
    /// Installed packages, which the driver appends to `sys.path` because `-S` leaves them out.
    var packages: [String]

    /// A program for `-c` that runs the driver from its byte code: compiling it takes half as long as starting Python.
    var driver: String

    /// Flags that keep the environment, user folders and start-up files out.
    static let flags = ["-I", "-S", "-B", "-X", "utf8"]

    private static let question = """
        import base64, marshal, os, platform, site, sys, sysconfig
        folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, sysconfig.get_path("stdlib")}
        print("\\n".join([sys.executable, platform.python_version(), os.pathsep.join(sorted(folders)),
            os.pathsep.join(p for p in site.getsitepackages() if os.path.isdir(p)),
            base64.b64encode(marshal.dumps(compile(sys.argv[1], "driver", "exec"))).decode()]))
        """

    /// Asks the interpreter at `path`, which may be a launcher script of a version manager, for its real place.
    /// - Throws: `BoxError.missing` where it does not answer.
    static func ask(_ path: String) async throws -> Interpreter {
        let answer = try? await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(["-I", "-c", question, PythonDriver.source]),
            output: .string(limit: 1 << 18))
        let lines = (answer?.standardOutput ?? "").split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        guard let answer, answer.terminationStatus.isSuccess, lines.count >= 5, lines[0].hasPrefix("/") else {
            throw BoxError.missing(
                "\(path) is found as python3 but does not run: Python programs need a working interpreter "
                    + "(apt-get install python3).")
        }
        func list(_ text: String) -> [String] { text.split(separator: ":").map(String.init) }
        return Interpreter(
            executable: lines[0], version: lines[1], folders: list(lines[2]).filter { $0 != "/" },
            packages: list(lines[3]),
            driver: "import binascii, marshal; exec(marshal.loads(binascii.a2b_base64('" + lines[4] + "')))")
    }
}

/// Finds programs the way a shell does.
enum ProgramSearch {
    /// The first executable file called `name` in the folders of `searchPath` (as in PATH), or nil.
    static func find(_ name: String, in searchPath: String) -> String? {
        searchPath.split(separator: ":").map { $0 + "/" + name }.first { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
                && FileManager.default.isExecutableFile(atPath: path)
        }
    }
}
