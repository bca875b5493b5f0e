import Foundation

/// Small programs that try what the box must prevent; run in it before anything untrusted.
enum IsolationProbes {
    /// What the programs are told to reach for.
    struct Bait: Sendable {
        var canaryFile: String
        var environmentName: String
        var port: UInt16
        var outsideFile: String
    }

    /// What the probes showed.
    struct Findings: Sendable {
        /// Everything that is mandatory holds.
        var hold: Bool
        var sentence: String
    }

    /// Lays the bait, runs the probes in the box of `launcher` and takes the bait away.
    static func run(in launcher: Launcher) async -> Findings {
        let token = UUID().uuidString.replacing("-", with: "")
        let canary = "/var/tmp/yuanbench-canary-" + token
        let outside = "/var/tmp/yuanbench-outside-" + token
        defer {
            for path in [canary, outside] { try? FileManager.default.removeItem(atPath: path) }
        }
        guard FileManager.default.createFile(atPath: canary, contents: Data(token.utf8)) else {
            return Findings(hold: false, sentence: "\(canary): the canary file could not be written")
        }
        guard let listener = LoopbackListener() else {
            return Findings(hold: false, sentence: "no listener on the loopback interface")
        }
        var launcher = launcher
        launcher.canaryVariable = "YUANBENCH_CANARY_" + token
        let bait = Bait(
            canaryFile: canary, environmentName: launcher.canaryVariable ?? "", port: listener.port,
            outsideFile: outside)
        var shown: [String] = []
        for (name, mandatory, job) in programs(bait) {
            let outcome = await launcher.attempt(job, poison: false, slot: 0).outcome
            if outcome.verdict == .passed {
                shown.append(name)
            } else if mandatory {
                return Findings(
                    hold: false, sentence: "probe \"\(name)\": \(outcome.verdict.rawValue) \(outcome.detail)")
            } else {
                shown.append("NOT: " + name)
            }
        }
        let layers = launcher.bubblewrap?.identity == .switchUser ? "a user id of its own" : "a user namespace"
        return Findings(
            hold: true,
            sentence:
                "bubblewrap with \(layers), pid, network, IPC and mount namespaces, no capabilities and a read-only "
                + "root; probes: \(shown.joined(separator: ", ")).")
    }

    /// What each probe shows, whether there is no box without it, and a program that passes only where it holds.
    private static func programs(_ bait: Bait) -> [(name: String, mandatory: Bool, job: TestJob)] {
        let file = quoted(bait.canaryFile)
        return [
            (
                "runs an ordinary program",
                "import math, tempfile\nwith tempfile.TemporaryFile() as f: f.write(b'x')", "assert math.sqrt(4) == 2"
            ),
            (
                "hides files of the host",
                "try: text = open(\(file)).read()\nexcept OSError: text = ''", "assert text == ''"
            ),
            (
                "hides the environment",
                """
                import glob, os
                seen = repr(os.environ)
                for path in glob.glob('/proc/*/environ'):
                    try: seen += open(path).read()
                    except OSError: pass
                """, "assert \(quoted(bait.environmentName)) not in seen"
            ),
            (
                "has no network",
                """
                import socket
                try: socket.create_connection(('127.0.0.1', \(bait.port)), 1); reached = True
                except OSError: reached = False
                """, "assert not reached"
            ),
            (
                "cannot write outside",
                """
                wrote = []
                for path in (\(quoted(bait.outsideFile)), '/usr/yuanbench-probe', '/yuanbench-probe', '/dev/yuanbench-probe'):
                    try: open(path, 'w').close(); wrote.append(path)
                    except OSError: pass
                """, "assert not wrote, wrote"
            ),
            (
                processBound,
                """
                import os, time
                children, refused = [], False
                try:
                    for _ in range(64):
                        pid = os.fork()
                        if pid == 0: time.sleep(20); os._exit(0)
                        children.append(pid)
                except OSError: refused = True
                for pid in children: os.kill(pid, 9)
                """, "assert refused"
            ),
        ].map { name, candidate, tests in
            (name, name != processBound, TestJob(candidate: candidate, tests: tests))
        }
    }

    /// Not to be had for root without a user id of its own, and on old kernels.
    private static let processBound = "bounds the number of processes"

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
