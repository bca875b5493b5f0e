/// From the facts of a run to its verdict. Only here, outside the box, is anything declared passed.
enum VerdictRules {
    struct Finding: Equatable {
        var verdict: Verdict
        var detail: String
        /// The tests ended although an assertion of the negative control had been evaluated.
        var assertionSwallowed = false
        /// The tests pass something to the candidate that cannot cross to another process.
        var needsOneProcess = false
        /// That the harness failed is what the process says that ran the candidate, which may have said it itself.
        var isClaim = false
        /// A timeout that another run cannot lift: the clock was the judge's own CPU time.
        var isFinal = false
    }

    /// - Parameter secret: what a program may tell only after the last test.
    static func judge(_ report: JobReport, of job: TestJob, secret: String) -> Finding {
        guard let candidate = report.roles.first, let last = report.roles.last else {
            return Finding(verdict: .sandboxError, detail: "the box reports nothing")
        }
        switch report.ending {
        case .wall: return Finding(verdict: .timeout, detail: "still running after \(seconds(report.wallSeconds)) s")
        case .cpu:
            return Finding(
                verdict: .timeout, detail: "all processes together used \(seconds(candidate.cpuSeconds)) s of CPU time")
        case .output:
            return Finding(verdict: .outputLimit, detail: "more than \(job.limits.outputBytes) bytes of output")
        case .memory:
            return Finding(verdict: .oom, detail: "all processes together exceed \(job.limits.memoryBytes) bytes")
        case .starved:
            return Finding(
                verdict: .starved, detail: "waited \(seconds(candidate.waitedSeconds)) s for a core and did not end")
        case .broken: return Finding(verdict: .sandboxError, detail: oneLine(last.toldText))
        case .exited: break
        }
        if report.roles.count == 2 { return judged(candidate, last, job) }
        if let finding = cause(candidate, job) { return finding }
        if job.mode == .compareOutput { return compare(candidate, job) }
        let told = candidate.toldText
        if told == "passed\n" + secret { return Finding(verdict: .passed, detail: "") }
        if told == "passed\n" + secret + " fired" {
            return Finding(verdict: .passed, detail: "", assertionSwallowed: true)
        }
        return failure(candidate)
    }

    /// Two processes: the judge tells, and where it lost the candidate, how that ended decides.
    private static func judged(_ candidate: RoleReport, _ judge: RoleReport, _ job: TestJob) -> Finding {
        let (word, detail) = parts(judge.toldText)
        switch word {
        case "passed" where judge.state == .exited && judge.status == 0: return Finding(verdict: .passed, detail: "")
        case "lost":
            if candidate.state != .exited {
                return Finding(verdict: .protocolError, detail: "the program closed the channel to its judge")
            }
            return cause(candidate, job)
                ?? Finding(verdict: .exitedEarly, detail: "exit status \(candidate.exitCode) before the tests ended")
        case "unsupported": return Finding(verdict: .infrastructure, detail: detail, needsOneProcess: true)
        case "uncalled": return Finding(verdict: .failed, detail: detail)
        case "unreadable": return unreadable(detail)
        case "": break
        default:
            if candidate.memoryKills > 0 {
                return Finding(verdict: .oom, detail: "the kernel ended a process for lack of memory")
            }
            let told: [Verdict] = [.failed, .compileError, .exitedEarly, .oom, .protocolError]
            if let verdict = told.first(where: { $0.rawValue == word }) {
                return Finding(verdict: verdict, detail: detail)
            }
        }
        if judge.signal == signalXCPU {
            return Finding(
                verdict: .timeout, detail: "judging what it returns took \(seconds(judge.cpuSeconds)) s of CPU time",
                isFinal: true)
        }
        return Finding(verdict: .protocolError, detail: "the judge ended without a verdict (status \(judge.status))")
    }

    /// Why a process ended that did not end by itself; nil if it did.
    private static func cause(_ report: RoleReport, _ job: TestJob) -> Finding? {
        if report.memoryKills > 0 {
            return Finding(verdict: .oom, detail: "the kernel ended a process for lack of memory")
        }
        let outOfTime = report.cpuSeconds >= job.limits.cpuSeconds * 0.95
        // Anybody may send themselves that signal, so the time has to be used too.
        let isSignalled = report.signal == signalXCPU && report.cpuSeconds >= job.limits.cpuSeconds * 0.5
        if isSignalled || (outOfTime && (report.signal != 0 || report.told.isEmpty)) {
            return Finding(verdict: .timeout, detail: "used \(seconds(report.cpuSeconds)) s of CPU time")
        }
        if report.signal != 0 { return Finding(verdict: .crashed, detail: "killed by signal \(report.signal)") }
        return nil
    }

    private static let signalXCPU = 24

    private static func compare(_ report: RoleReport, _ job: TestJob) -> Finding {
        if report.exitCode != 0 || !report.toldText.hasPrefix("passed\n") {
            if report.told.isEmpty, report.exitCode != 0 {
                return Finding(verdict: .failed, detail: "exit status \(report.exitCode)")
            }
            // A program may end itself with status 0 once it has printed everything.
            if !report.told.isEmpty { return failure(report) }
        }
        let got = trimmedLines(report.output)
        let expected = trimmedLines(Array((job.expectedOutput ?? "").utf8))
        if got == expected { return Finding(verdict: .passed, detail: "") }
        let place = zip(got, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(got.count, expected.count)
        return Finding(verdict: .failed, detail: "output differs in line \(place + 1)")
    }

    /// Lines without white space at their ends, and without empty lines at the end. By bytes: texts that Unicode holds
    /// equal are not, and a carriage return before the line's end is white space.
    static func trimmedLines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
        var lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.prefix((line.lastIndex { !isSpace($0) } ?? line.startIndex - 1) - line.startIndex + 1)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func failure(_ report: RoleReport) -> Finding {
        if report.told.isEmpty {
            return Finding(verdict: .exitedEarly, detail: "exit status \(report.exitCode) before the tests ended")
        }
        let (word, detail) = parts(report.toldText)
        var finding = unreadable(detail)
        if word != "unreadable" {
            let told: [Verdict] = [.failed, .compileError, .exitedEarly, .oom, .sandboxError]
            guard let verdict = told.first(where: { $0.rawValue == word }) else {
                return Finding(verdict: .protocolError, detail: "unasked bytes on the result pipe")
            }
            finding = Finding(verdict: verdict, detail: detail)
        }
        finding.isClaim = finding.verdict.isHarnessFailure
        return finding
    }

    private static func unreadable(_ detail: String) -> Finding {
        Finding(verdict: .infrastructure, detail: "the tests are not a program: \(detail)")
    }

    private static func parts(_ told: String) -> (word: String, detail: String) {
        let parts = told.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        return (parts.first.map(String.init) ?? "", parts.count > 1 ? oneLine(String(parts[1])) : "")
    }

    /// The first line of `text`, printable and at most 300 characters, with memory addresses as 0x…. What turns the
    /// direction of writing, and other characters without a shape, is no part of it.
    static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let scrubbed = line.replacing(/0x[0-9a-fA-F]{4,}/, with: "0x…")
        let hidden: Set<Unicode.GeneralCategory> = [
            .control, .format, .lineSeparator, .paragraphSeparator, .privateUse,
        ]
        let printable = scrubbed.unicodeScalars.filter { !hidden.contains($0.properties.generalCategory) }
        return String(String(String.UnicodeScalarView(printable)).prefix(300))
    }

    private static func seconds(_ value: Double) -> String {
        String(Int(value * 10) / 10) + "." + String(Int(value * 10) % 10)
    }
}
