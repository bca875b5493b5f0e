import Foundation

/// Small programs that try what the box must prevent; run in it before anything untrusted.
enum IsolationProbes {
    /// What the probes showed.
    struct Findings: Sendable {
        var level: String
        /// Everything that is mandatory holds.
        var holds: Bool
        var sentence: String
        var layers: BoxLayers = []
    }

    private struct Bait {
        var canaryFile: String
        var environmentName: String
        var port: UInt16
        var outsideFile: String
        /// Name of a process that is left behind.
        var straggler: String
    }

    private struct Probe {
        var name: String
        var isMandatory = true
        var candidate: String
        var tests: String
        var memoryBytes: Int?
        /// The verdict that shows it holds.
        var verdict = Verdict.passed
    }

    /// Lays the bait, runs the probes and takes the bait away.
    static func run(on host: BoxHost) async -> Findings {
        let token = UUID().uuidString.replacing("-", with: "")
        let bait = Bait(
            canaryFile: "/var/tmp/yuanbench-canary-" + token, environmentName: "YUANBENCH_CANARY_" + token, port: 0,
            outsideFile: "/var/tmp/yuanbench-outside-" + token, straggler: "yb" + token.prefix(12))
        defer {
            for path in [bait.canaryFile, bait.outsideFile] { try? FileManager.default.removeItem(atPath: path) }
        }
        let expected = host.layers.contains(.namespaces) ? "L2" : "L1"
        func refused(_ sentence: String) -> Findings { Findings(level: expected, holds: false, sentence: sentence) }
        guard FileManager.default.createFile(atPath: bait.canaryFile, contents: Data(token.utf8)) else {
            return refused("\(bait.canaryFile): the canary file could not be written")
        }
        guard let listener = LoopbackListener() else { return refused("no listener on the loopback interface") }
        var baited = bait
        baited.port = listener.port
        var host = host
        host.canary = bait.environmentName + "=canary"
        let layers: BoxLayers
        let missing: String
        do {
            let cell = try await Cell.start(host.setup())
            (layers, missing) = (cell.layers, cell.missing)
        } catch {
            if case Cell.Failure.refused(let why) = error { return refused(why) }
            return refused("\(error)")
        }
        let box = Box(
            host: host, isolation: IsolationDescription(level: expected, description: "", interpreters: [:]),
            workers: 1, controls: false)
        var shown: [String] = []
        for probe in programs(baited, namespaces: host.layers.contains(.namespaces)) {
            var job = TestJob(candidate: probe.candidate, tests: probe.tests, mode: .inProcess)
            if let memory = probe.memoryBytes { job.limits.memoryBytes = memory }
            let outcome = await box.attempt(job, slot: 0) { [job] secret in
                PythonRoles.make(job, secret: Array(secret.utf8), poison: false, numpy: false)
            }.outcome
            if outcome.verdict == probe.verdict {
                shown.append(probe.name)
            } else if probe.isMandatory {
                return refused("probe \"\(probe.name)\": \(outcome.verdict.rawValue) \(outcome.detail)")
            } else {
                shown.append("NOT: " + probe.name)
            }
        }
        if isRunning(bait.straggler) { return refused("probe \"\(leavesNobody)\": a process lives on") }
        shown.append(leavesNobody)
        let level = layers.contains([.namespaces, .cgroup]) ? "L3" : expected
        let held = layers.contains(.namespaces) ? layers.subtracting(.landlock) : layers
        let without = missing.isEmpty ? "" : " (\(missing))"
        return Findings(
            level: level, holds: true,
            sentence: "\(held.sentence)\(without); probes: \(shown.joined(separator: ", ")).",
            layers: layers)
    }

    private static let leavesNobody = "leaves no process behind"

    private static func isRunning(_ name: String) -> Bool {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.contains { entry in
            Int(entry) != nil && (try? String(contentsOfFile: "/proc/\(entry)/comm", encoding: .utf8)) == name + "\n"
        }
    }

    private static func programs(_ bait: Bait, namespaces: Bool) -> [Probe] {
        var probes = [
            Probe(
                name: "runs an ordinary program",
                candidate: """
                    import csv, json, math, socket, subprocess, sys, tempfile
                    with tempfile.TemporaryFile() as f: f.write(b'x')
                    a, b = socket.socketpair()
                    out = subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True, text=True).stdout
                    """, tests: "assert math.sqrt(4) == 2 and out == '42\\n'"),
            Probe(
                name: "hides files of the host",
                candidate: "try: text = open('\(bait.canaryFile)').read()\nexcept OSError: text = ''",
                tests: "assert text == ''"),
            Probe(
                name: "hides the environment",
                candidate: """
                    import glob, os
                    seen = repr(os.environ)
                    for path in glob.glob('/proc/*/environ'):
                        try: seen += open(path).read()
                        except OSError: pass
                    """, tests: "assert '\(bait.environmentName)' not in seen"),
            Probe(
                name: "reaches no listener",
                candidate: """
                    import socket
                    try: socket.create_connection(('127.0.0.1', \(bait.port)), 1); reached = True
                    except OSError: reached = False
                    """, tests: "assert not reached"),
            Probe(
                name: "cannot write outside",
                candidate: """
                    wrote = []
                    for path in ('\(bait.outsideFile)', '/usr/yuanbench-probe', '/yuanbench-probe', '/dev/yuanbench-probe'):
                        try: open(path, 'w').close(); wrote.append(path)
                        except OSError: pass
                    """, tests: "assert not wrote, wrote"),
            Probe(
                name: "refuses dangerous system calls",
                candidate: """
                    import ctypes, socket
                    libc, got = ctypes.CDLL(None, use_errno=True), []
                    if libc.unshare(0x10000000) == 0: got.append('user namespace')
                    if libc.ptrace(0, 0, 0, 0) == 0: got.append('ptrace')
                    if libc.shmget(0, 4096, 0o1600) >= 0: got.append('System V shared memory')
                    for family in (socket.AF_INET, socket.AF_INET6, 16, 40):
                        try: socket.socket(family, socket.SOCK_DGRAM).close(); got.append('socket %d' % family)
                        except OSError: pass
                    """, tests: "assert not got, got"),
            Probe(
                name: "a new folder for every program",
                candidate: """
                    import os
                    found = [p for p in ('left-behind', '/tmp/left-behind') if os.path.exists(p)]
                    for path in ('left-behind', '/tmp/left-behind'):
                        try: open(path, 'w').close()
                        except OSError: pass
                    """, tests: "assert not found"),
            Probe(
                name: "bounds the number of processes", isMandatory: namespaces,
                candidate: """
                    import os, time
                    children, refused = [], False
                    try:
                        for _ in range(64):
                            pid = os.fork()
                            if pid == 0: time.sleep(20); os._exit(0)
                            children.append(pid)
                    except OSError: refused = True
                    for pid in children: os.kill(pid, 9)
                    """, tests: "assert refused"),
            Probe(
                name: "bounds the memory of all processes together",
                candidate: """
                    import os, time
                    for _ in range(4):
                        if os.fork() == 0:
                            data = bytearray(100 << 20)
                            for i in range(0, len(data), 4096): data[i] = 1
                            time.sleep(20); os._exit(0)
                    while True: os.wait()
                    """, tests: "pass", memoryBytes: 160 << 20, verdict: .oom),
            Probe(
                name: "takes a verdict though a process is left",
                candidate: """
                    import ctypes, os, time
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            ctypes.CDLL(None).prctl(15, b'\(bait.straggler)')
                            time.sleep(60)
                        os._exit(0)
                    os.wait()
                    time.sleep(0.1)
                    """, tests: "pass"),
        ]
        // The folder's probe shows something only the second time.
        if let folder = probes.firstIndex(where: { $0.name == "a new folder for every program" }) {
            probes.insert(probes[folder], at: folder)
            probes[folder].name = "a work folder"
        }
        if namespaces {
            probes.append(
                Probe(
                    name: "has no network interface",
                    candidate: """
                        names = [line.split(':')[0].strip() for line in open('/proc/net/dev') if ':' in line]
                        """, tests: "assert names == ['lo'], names"))
        }
        return probes
    }
}
