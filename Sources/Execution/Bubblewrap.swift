import Foundation

/// The command line of bubblewrap: new namespaces, a minimal read-only root, and one capped tmpfs to write to.
package struct Bubblewrap: Sendable {
    /// How the program in the box gets a user id of its own.
    package enum Identity: Sendable {
        /// A user namespace: for ordinary users.
        case userNamespace
        /// The driver switches to a real unprivileged id: for root, whom a user namespace would leave exempt from
        /// `RLIMIT_NPROC`, and owner of the files that root owns outside.
        case switchUser
    }

    /// Working folder in the box; it lies on the same capped tmpfs as /tmp.
    static let workFolder = "/tmp/work"
    /// For POSIX semaphores and shared memory.
    private static let sharedMemoryBytes = 8 << 20

    var path: String
    var identity: Identity

    /// Arguments up to, and without, the program to run.
    func arguments(interpreter: Interpreter, workDirectoryBytes: Int) -> [String] {
        var list: [String] = []
        switch identity {
        case .userNamespace:
            // As process 1 the driver cannot be killed from inside, and no process of bubblewrap is left to look into.
            list += ["--unshare-all", "--as-pid-1", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"]
        case .switchUser:
            list += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
            list += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        }
        list += ["--new-session", "--die-with-parent", "--clearenv"]
        for (name, value) in Self.environment(home: Self.workFolder, interpreter: interpreter) {
            list += ["--setenv", name, value]
        }
        list += ["--ro-bind", "/usr", "/usr"]
        for folder in ["/lib", "/lib32", "/lib64", "/bin", "/sbin"] {
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder) {
                list += ["--symlink", target, folder]
            } else {
                list += ["--ro-bind-try", folder, folder]
            }
        }
        for file in ["/etc/ld.so.cache", "/etc/alternatives"] { list += ["--ro-bind-try", file, file] }
        for folder in interpreter.folders + interpreter.packages where !(folder + "/").hasPrefix("/usr/") {
            list += Self.parents(of: folder).flatMap { ["--perms", "0755", "--dir", $0] }
            list += ["--ro-bind-try", folder, folder]
        }
        list += ["--perms", "1777", "--size", String(workDirectoryBytes), "--tmpfs", "/tmp"]
        list += ["--perms", "0777", "--dir", Self.workFolder, "--proc", "/proc", "--dev", "/dev"]
        list += ["--perms", "1777", "--size", String(Self.sharedMemoryBytes), "--tmpfs", "/dev/shm"]
        list += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", Self.workFolder, "--"]
        return list
    }

    /// The folders above `path`, outermost first: bubblewrap would make them for its own user alone.
    private static func parents(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return (1..<max(parts.count, 1)).map { "/" + parts.prefix($0).joined(separator: "/") }
    }

    /// The whole environment of a test. One thread for numeric libraries and few arenas: both reserve address space,
    /// which `RLIMIT_AS` counts.
    static func environment(home: String, interpreter: Interpreter) -> [(String, String)] {
        let folder = interpreter.executable.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        return [
            ("PATH", folder + ":/usr/local/bin:/usr/bin:/bin"), ("HOME", home), ("TMPDIR", home), ("LANG", "C.UTF-8"),
            ("OPENBLAS_NUM_THREADS", "1"), ("OMP_NUM_THREADS", "1"), ("MALLOC_ARENA_MAX", "2"),
        ]
    }
}
