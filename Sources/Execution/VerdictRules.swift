/// From the facts of a run to its verdict. Only here, outside the box, is anything declared passed.
enum VerdictRules {
    struct Finding: Equatable {
        var verdict: Verdict
        var detail: String
        /// The tests ended although an assertion of the negative control had been evaluated.
        var assertionSwallowed = false
    }

    /// - Parameter secret: what the driver's child may tell only after the last test.
    static func judge(_ report: DriverReport, of job: TestJob, secret: String) -> Finding {
        switch report.ending {
        case .wall: return Finding(verdict: .timeout, detail: "still running after \(seconds(report.wallSeconds)) s")
        case .output:
            return Finding(verdict: .outputLimit, detail: "more than \(job.limits.outputBytes) bytes of output")
        case .memory:
            return Finding(verdict: .oom, detail: "all processes together exceed \(job.limits.memoryBytes) bytes")
        case .files: return Finding(verdict: .failed, detail: "more than \(maximumFiles) files written")
        case .exited: break
        }
        let signal = report.status & 0x7f
        let outOfTime = report.cpuSeconds >= job.limits.cpuSeconds
        if signal == signalXCPU || (outOfTime && (signal != 0 || report.message.isEmpty)) {
            return Finding(verdict: .timeout, detail: "used \(seconds(report.cpuSeconds)) s of CPU time")
        }
        if signal != 0 { return Finding(verdict: .crashed, detail: "killed by signal \(signal)") }
        if job.mode == .compareOutput { return compare(report, job, secret) }
        if report.message == "passed\n" + secret { return Finding(verdict: .passed, detail: "") }
        if report.message == "passed\n" + secret + " fired" {
            return Finding(verdict: .passed, detail: "", assertionSwallowed: true)
        }
        return failure(report)
    }

    /// Files and folders that a program may have at one time: each costs kernel memory.
    static let maximumFiles = 20_000
    private static let signalXCPU = 24

    private static func compare(_ report: DriverReport, _ job: TestJob, _ secret: String) -> Finding {
        let code = (report.status >> 8) & 0xff
        if code != 0 {
            if report.message.isEmpty { return Finding(verdict: .failed, detail: "exit status \(code)") }
            return failure(report)
        }
        let (got, expected) = (trimmedLines(report.output), trimmedLines(job.expectedOutput ?? ""))
        if got == expected { return Finding(verdict: .passed, detail: "") }
        let place = zip(got, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(got.count, expected.count)
        return Finding(verdict: .failed, detail: "output differs in line \(place + 1)")
    }

    /// Lines without white space at their ends, and without empty lines at the end.
    static func trimmedLines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
            var line = line
            while line.last?.isWhitespace == true { line.removeLast() }
            return line
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func failure(_ report: DriverReport) -> Finding {
        if report.message.isEmpty {
            return Finding(
                verdict: .exitedEarly, detail: "exit status \((report.status >> 8) & 0xff) before the tests ended")
        }
        let parts = report.message.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let detail = parts.count > 1 ? oneLine(String(parts[1])) : ""
        let told: [Verdict] = [.failed, .compileError, .exitedEarly, .oom, .sandboxError]
        guard let verdict = told.first(where: { $0.rawValue == parts[0] }) else {
            return Finding(verdict: .protocolError, detail: "unasked bytes on the result pipe")
        }
        return Finding(verdict: verdict, detail: detail)
    }

    /// The first line of `text`, printable and at most 300 characters, with memory addresses as 0x….
    static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let scrubbed = line.replacing(/0x[0-9a-fA-F]{4,}/, with: "0x…")
        let printable = scrubbed.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String(String.UnicodeScalarView(printable)).prefix(300))
    }

    private static func seconds(_ value: Double) -> String {
        String(Int(value * 10) / 10) + "." + String(Int(value * 10) % 10)
    }
}
