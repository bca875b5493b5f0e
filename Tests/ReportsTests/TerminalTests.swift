import RunRecords
import Synchronization
import Testing

@testable import Reports

@Suite struct TerminalSummaryTests {
    @Test(arguments: [40, 60, 80, 132])
    func linesFit(width: Int) {
        var report = SampleReport.report
        report.runs[0].model.name = String(repeating: "模型", count: 60)
        report.runs[1].isolation.level = "L0"
        for line in TerminalSummary.render(report, width: width).split(separator: "\n") {
            #expect(TerminalText.width(String(line)) <= width, "\(line)")
        }
    }

    @Test func eightyColumnsHoldTheWholeTable() {
        let lines = TerminalSummary.render(SampleReport.report).split(separator: "\n").map(String.init)
        #expect(lines[0] == "SmolLM2-135M-Instruct on humaneval (20 problems, completion)")
        #expect(lines[1].hasPrefix("dtype  pass@1    95 % interval  passed  decode tok/s  prefill   peak RSS"))
        #expect(lines[2].contains("3/19") && lines[2].contains("148") && lines[2].hasSuffix("440.0 MiB"))
        #expect(lines[4].hasPrefix("bf16: 3 passed, 13 failed, "))
        #expect(!lines.joined().contains("\u{1B}"))
    }

    @Test func colourIsOnlyWhereAskedFor() {
        let coloured = TerminalSummary.render(SampleReport.report, color: true)
        #expect(coloured.contains("\u{1B}[1m"))
        let stripped = coloured.replacing(/\u{1B}\[[0-9]+m/, with: "")
        #expect(stripped == TerminalSummary.render(SampleReport.report))
    }

    @Test func namesCannotSteerTheTerminal() {
        var report = SampleReport.report
        report.runs[0].model.name = "evil\u{1B}[2J\u{9B}31m\r"
        report.runs[0].accuracy.verdicts["\u{1B}]0;title\u{7}"] = 1
        #expect(
            !TerminalSummary.render(report).unicodeScalars.contains {
                $0.value != 10 && $0.properties.generalCategory == .control
            })
    }
}

@Suite struct ProgressLineTests {
    private var state: ProgressState {
        var state = ProgressState(label: "humaneval bf16", total: 164)
        state.done = 42
        state.resumed = 2
        state.passed = 12
        state.scored = 40
        state.generatedTokens = 6400
        state.elapsed = 50
        return state
    }

    @Test func theWholeLine() {
        let rest = "42/164  30.0 % passed  128 tok/s  2 min 33 s left"
        #expect(ProgressLine.bar(state, width: 120) == "humaneval bf16  █████░░░░░░░░░░░░░░░  \(rest)")
        #expect(ProgressLine.bar(state, width: 79) == "humaneval bf16  ███░░░░░░░░░  \(rest)")
        #expect(ProgressLine.bar(state, width: 120, unicode: false).contains("#####---------------"))
        #expect(
            ProgressLine.plain(state)
                == "humaneval bf16: 42/164 done, 30.0 % passed, 128 tokens/s, about 2 min 33 s left")
    }

    @Test func whatIsLessImportantGoesFirst() {
        let rest = "42/164  30.0 % passed  128 tok/s  2 min 33 s left"
        #expect(ProgressLine.bar(state, width: 60) == "██░░░░░░░  \(rest)")
        #expect(ProgressLine.bar(state, width: 52) == rest)
        #expect(ProgressLine.bar(state, width: 40) == "42/164  30.0 % passed  2 min 33 s left")
        #expect(ProgressLine.bar(state, width: 30) == "42/164  30.0 % passed")
        #expect(ProgressLine.bar(state, width: 10) == "42/164")
        for width in 6...130 {
            #expect(TerminalText.width(ProgressLine.bar(state, width: width)) <= width)
            let coloured = ProgressLine.bar(state, width: width, color: true).replacing(/\u{1B}\[[0-9]+m/, with: "")
            #expect(coloured == ProgressLine.bar(state, width: width))
        }
    }

    @Test func whatIsNotKnownYetIsLeftOut() {
        #expect(ProgressLine.plain(ProgressState(label: "mbpp", total: 500)) == "mbpp: 0/500 done")
        var resumed = ProgressState(label: "mbpp", total: 500)
        resumed.done = 100
        resumed.resumed = 100
        resumed.elapsed = 9
        #expect(ProgressLine.plain(resumed) == "mbpp: 100/500 done")
        resumed.done = 500
        #expect(ProgressLine.plain(resumed) == "mbpp: 500/500 done, took 9 s")
        #expect(ProgressLine.bar(ProgressState(label: "", total: 0), width: 80).hasSuffix("0/0"))
    }
}

@Suite struct ProgressDisplayTests {
    /// A display with a clock that is set by hand.
    private final class Stage: Sendable {
        let time = Mutex(0.0)
        let written = Mutex("")
        var text: String { written.withLock { $0 } }

        func display(isScreen: Bool, width: Int = 80) -> ProgressDisplay {
            let environment = ["TERM": "xterm", "NO_COLOR": "1", "LANG": "C"]
            return ProgressDisplay(
                label: "set", total: 10, terminal: Terminal(isScreen: isScreen, environment: environment),
                columns: { width }, now: { self.time.withLock { $0 } },
                write: { text in self.written.withLock { $0 += text } })
        }

        func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
    }

    @Test func aScreenIsRedrawnAtMostTenTimesASecondAndCleared() {
        let stage = Stage()
        let display = stage.display(isScreen: true)
        for _ in 0..<1000 {
            display.update { $0.done = 1 }
            stage.advance(0.001)
        }
        #expect(stage.text.count { $0 == "\r" } <= 11)
        #expect(stage.text.count { $0 == "\r" } >= 9)
        #expect(!stage.text.contains("\n"))
        display.finish()
        #expect(stage.text.hasSuffix("\r\u{1B}[K"))
        let length = stage.text.count
        display.update { $0.done = 2 }
        display.finish()
        #expect(stage.text.count == length)
    }

    @Test func aLogGetsALineNowAndThenAndTheLast() {
        let stage = Stage()
        let display = stage.display(isScreen: false)
        for done in 1...10 {
            display.update { $0.done = done }
            stage.advance(2)
        }
        stage.advance(60)
        display.finish()
        let lines = stage.text.split(separator: "\n")
        #expect(
            lines.map { $0.prefix { $0 != "," } } == [
                "set: 1/10 done", "set: 4/10 done", "set: 7/10 done", "set: 10/10 done",
            ])
        #expect(!stage.text.contains("\u{1B}") && !stage.text.contains("\r"))
    }

    @Test func aLogIsNoClock() {
        let stage = Stage()
        let display = stage.display(isScreen: false)
        for _ in 0..<100 {
            display.update()
            stage.advance(2)
        }
        display.finish()
        #expect(stage.text == "set: 0/10 done\n")
    }

    @Test func otherLinesDoNotMixWithTheBar() {
        let stage = Stage()
        let display = stage.display(isScreen: true)
        display.update { $0.done = 1 }
        display.say("a word")
        #expect(stage.text.contains("\r\u{1B}[Ka word\n\r"))
        display.finish()
        display.say("after")
        #expect(stage.text.hasSuffix("\r\u{1B}[Kafter\n"))
    }

    @Test func coloursAndRedrawingFollowTheEnvironment() {
        let screen = ["TERM": "xterm-256color", "LANG": "en_US.UTF-8"]
        let terminal = Terminal(isScreen: true, environment: screen)
        #expect(terminal.color && terminal.unicode && terminal.isInteractive)
        #expect(!Terminal(isScreen: true, environment: screen.merging(["NO_COLOR": "1"]) { $1 }).color)
        #expect(Terminal(isScreen: true, environment: screen.merging(["NO_COLOR": ""]) { $1 }).color)
        #expect(!Terminal(isScreen: true, environment: ["TERM": "dumb"]).isInteractive)
        #expect(!Terminal(isScreen: false, environment: screen).color)
        #expect(!Terminal(isScreen: true, environment: ["LC_ALL": "C", "LANG": "en_US.UTF-8"]).unicode)
    }
}
