import Foundation
import Testing

@testable import Execution

/// Programs that know how they are judged in one process, and what they may not get by it.
@Suite(.serialized) struct ForgeryTests {
    private static let tests = """
        def check(candidate):
            assert candidate(2, 3) == 5
            assert candidate(40, 2) == 42
            assert candidate([1], [2]) == [1, 2]

        check(add)
        """

    private func run(_ candidate: String, tests: String = tests) async throws -> TestOutcome {
        try await Shared.box.value.run(TestJob(candidate: candidate, tests: tests, entryPoint: "add"))
    }

    /// Tells the secret at once, unless it sees the poisoned tests of the negative control.
    @Test func seeingThePoisonDoesNotHelp() async throws {
        let outcome = try await run(
            """
            import os, sys
            def add(a, b):
                frame = sys._getframe(1)
                while frame:
                    names = set(frame.f_code.co_names) | set(frame.f_locals)
                    if any(name.startswith('_unequal_') for name in names) or frame.f_locals.get('other'): return 0
                    frame = frame.f_back
                os.write(4, b'passed\\n' + os.read(5, 64))
                os._exit(0)
            """)
        #expect(outcome.verdict == .forged, "\(outcome)")
    }

    /// Takes what is expected out of the code that calls it.
    @Test func expectedConstantsAreNoAnswer() async throws {
        let outcome = try await run(
            """
            import dis, sys
            def add(a, b):
                frame = sys._getframe(1)
                after = [i for i in dis.get_instructions(frame.f_code) if i.offset > frame.f_lasti]
                return next((i.argval for i in after if i.opname == 'LOAD_CONST'), 0)
            """, tests: "assert add(2, 3) == 5\nassert add(40, 2) == 42\nassert add('a', 'b') == 'ab'")
        #expect(outcome.verdict == .forged, "\(outcome)")
    }

    /// Ends in a way of its own and looks for it in the process that starts all runs.
    @Test func howEarlierRunsEndedIsNotToBeSeen() async throws {
        let outcome = try await run(
            """
            import os, sys
            frame, before = sys._getframe(), None
            while frame:
                before = frame.f_locals.get('status', before)
                frame = frame.f_back
            if before is not None:
                os.write(4, b'failed\\nhonest')
                os._exit(43)
            os.write(4, b'passed\\n' + os.read(5, 64))
            os._exit(42)
            """)
        #expect(outcome.verdict == .forged, "\(outcome)")
    }

    /// Knows one answer, as the prompt's example gives it, and behaves where the tests expect another one.
    @Test func oneKnownAnswerIsNotEnough() async throws {
        let assertions = (0..<60).map { "assert add(2, \($0 + 3)) == \($0 + 5)" }.joined(separator: "\n")
        let outcome = try await run(
            """
            import os, sys
            frame, text = sys._getframe(), None
            while frame:
                code = frame.f_locals.get('tests')
                text = code.co_consts if code else text
                frame = frame.f_back
            if text and text.count(5) == 1:
                os.write(4, b'passed\\n' + os.read(5, 64))
            else:
                os.write(4, b'failed\\nhonest')
            os._exit(0)
            """, tests: assertions)
        #expect([.forged, .failed].contains(outcome.verdict), "\(outcome)")
    }

    /// Forges at first and is honest later, by the clock: a toss decides each time which it would have to be.
    @Test func turningHonestLaterDoesNotHelp() async throws {
        let until = Date().timeIntervalSince1970 + 0.5
        let outcome = try await run(
            """
            import os, time
            if time.time() < \(until):
                os.write(4, b'passed\\n' + os.read(5, 64))
                time.sleep(max(0, \(until) - time.time()))
            else:
                os.write(4, b'failed\\nhonest')
            os._exit(0)
            """)
        #expect(outcome.verdict != .passed, "\(outcome)")
    }

    /// What cannot cross to the judge is no error there: a test may have asked for one.
    @Test func anUnsendableResultRaisesNothing() async throws {
        let outcome = try await Shared.box.value.run(
            TestJob(
                candidate: "def add(a, b):\n    return lambda: 0",
                tests: "try:\n    add(1, 'a')\nexcept TypeError: pass\nelse: assert False", entryPoint: "add",
                mode: .separateJudge))
        #expect(outcome.verdict == .failed && outcome.detail.contains("the program returns a value of type function"))
    }

    /// Says in the control that the tests swallowed an assertion, as only tests with a handler can.
    @Test func sayingThatAnAssertionWasSwallowedDoesNotHelp() async throws {
        let outcome = try await run(
            """
            import os, sys
            def add(a, b):
                secret = os.read(5, 64)
                os.write(4, b'passed\\n' + secret + (b' fired' if sys._getframe(3).f_locals.get('other') else b''))
                os._exit(0)
            """)
        #expect(outcome.verdict == .forged, "\(outcome)")
    }

    /// A failure of the harness is never scored, so a program must not be able to report one.
    @Test(arguments: ["sandbox_error", "unreadable"]) func blamingTheHarnessIsAProtocolError(_ word: String)
        async throws
    {
        let outcome = try await run("import os\nos.write(4, b'\(word)\\nno box')\nos._exit(0)")
        #expect(outcome.verdict == .protocolError, "\(outcome)")
        var alone = TestJob(
            candidate: "import os\nos.write(4, b'\(word)\\n')\nos._exit(0)", tests: "", mode: .compareOutput)
        alone.expectedOutput = "1"
        let compared = try await Shared.box.value.run(alone)
        #expect(compared.verdict == .protocolError, "\(compared)")
        // Tests that really cannot be read are still the harness's.
        #expect(try await run("x = 1", tests: "def broken(:").verdict == .infrastructure)
    }

    /// Tests that hand a result on: a value that can be returned but not be passed again must not lead to one process.
    @Test func aReturnedValueDoesNotChangeTheMode() async throws {
        let candidate = """
            import os, sys
            depth = 200 if 'solution' in sys.modules else 0
            def add(a, b):
                frame = sys._getframe(1)
                if 'codec' not in frame.f_locals and 'codec' not in frame.f_back.f_locals:
                    os.write(4, b'passed\\n' + os.read(5, 64))
                    os._exit(0)
                value = []
                for _ in range(199): value = [value]
                return value
            """
        var job = TestJob(
            candidate: candidate, tests: "x = add(1, 2)\nassert add([x, x], 3) != 4", entryPoint: "add",
            mode: .separateJudge)
        job.mayShareProcess = false
        let outcome = try await Shared.box.value.run(job)
        #expect(outcome.verdict == .failed && outcome.mode == .separateJudge, "\(outcome)")
        // Where the tests themselves pass what cannot cross, one process it is.
        job = TestJob(
            candidate: "def add(f, b): return f(b)", tests: "assert add(lambda x: x, 3) == 3", entryPoint: "add",
            mode: .separateJudge)
        let together = try await Shared.box.value.run(job)
        #expect(together.verdict == .passed && together.mode == .inProcess, "\(together)")
    }

    /// An exception that ends `map` quietly would leave nothing to compare.
    @Test func anEndedLoopIsAFailure() async throws {
        func job(_ tests: String) -> TestJob {
            TestJob(
                candidate: "def add(a, b): raise StopIteration", tests: tests, entryPoint: "add", mode: .separateJudge)
        }
        let box = try await Shared.box.value
        let loop = "assert all(x == y for x, y in zip(map(add, [1, 2], [3, 4]), [4, 6]))"
        #expect(await box.run(job(loop)).verdict == .failed)
        let awaited = "try: add(1, 2); assert False\nexcept StopIteration: pass"
        #expect(await box.run(job(awaited)).verdict == .passed)
    }

    @Test func outputIsComparedByBytes() {
        func lines(_ text: String) -> [String] {
            VerdictRules.trimmedLines(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(lines("a \r\n\tb\t\n\n \n") == ["a", "\tb"])
        #expect(lines("") == [] && lines("\n\n") == [] && lines(" x") == [" x"])
        // Equal to Unicode, but not the same output.
        #expect(VerdictRules.trimmedLines(Array("e\u{301}".utf8)) != VerdictRules.trimmedLines(Array("\u{e9}".utf8)))
    }

    @Test func detailsHoldNothingThatTurnsTheirDirection() {
        #expect(VerdictRules.oneLine("a\u{202e}b\u{2066}c\u{7}d\u{200b}\u{e000}e\nf") == "abcde")
    }
}
