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

    /// Whether numpy is installed.
    var hasNumpy: Bool

    /// Flags that keep user folders and start-up files out. Not `-I`, which would leave out `PYTHONHASHSEED` as well: the
    /// environment is ours, and `PythonSource` takes the working folder off the search path.
    static let flags = ["-s", "-S", "-B", "-X", "utf8"]

    private static let question = """
        import importlib.util, os, platform, site, sys, sysconfig
        folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, sysconfig.get_path("stdlib")}
        print("\\n".join([sys.executable, platform.python_version(), os.pathsep.join(sorted(folders)),
            os.pathsep.join(p for p in site.getsitepackages() if os.path.isdir(p)),
            str(int(importlib.util.find_spec("numpy") is not None))]))
        """

    /// Asks the interpreter at `path`, which may be a launcher script of a version manager, for its real place.
    /// - Throws: `BoxError.missing` where it does not answer.
    static func ask(_ path: String) async throws -> Interpreter {
        let answer = try? await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(["-I", "-c", question]), output: .string(limit: 1 << 18))
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
            packages: list(lines[3]), hasNumpy: lines[4] == "1")
    }

    /// The command of the warm interpreter, to which the box appends its flavour.
    var command: [String] {
        [executable] + Self.flags + ["-c", PythonSource.whole, packages.joined(separator: ":")]
    }

    /// The whole environment of a test. One thread for numeric libraries and few arenas: both reserve address space,
    /// which `RLIMIT_AS` counts.
    var environment: [String] {
        let folder = executable.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        return [
            "PATH=\(folder):/usr/local/bin:/usr/bin:/bin", "HOME=/tmp/work", "TMPDIR=/tmp/work", "LANG=C.UTF-8",
            "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "MALLOC_ARENA_MAX=2",
            // The order of sets is the same in every run, and with it verdicts and their details.
            "PYTHONHASHSEED=0", "PYTHONSAFEPATH=1",
        ]
    }

    /// Folders it needs to see besides /usr and its like.
    var visible: [String] {
        (folders + packages).filter { !($0 + "/").hasPrefix("/usr/") }.sorted()
            .reduce(into: []) { list, folder in
                if let last = list.last, (folder + "/").hasPrefix(last + "/") { return }
                list.append(folder)
            }
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
