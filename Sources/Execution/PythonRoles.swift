/// How Python jobs are laid out: which processes run what.
enum PythonRoles {
    /// The judge's own limits: its time is the data set's doing, and decoding what the candidate returns.
    static func judgeLimits(_ limits: TestLimits) -> TestLimits {
        var limits = limits
        limits.cpuSeconds = 3 * limits.cpuSeconds + 10
        limits.memoryBytes += 512 << 20
        return limits
    }

    static func make(_ job: TestJob, secret: [UInt8], poison: Bool, numpy: Bool) -> [Role] {
        let kind: Role.Kind = numpy && usesNumpy(job) ? .numpy : .python
        switch job.mode {
        case .separateJudge:
            var candidate = Role(kind, limits: job.limits)
            candidate.hasChannel = true
            candidate.payload = FieldCoding.encode([("role", "candidate"), ("candidate", job.candidate)])
            var judge = Role(kind, limits: judgeLimits(job.limits))
            judge.hasChannel = true
            judge.mayTell = true
            judge.isTrusted = true
            judge.payload = FieldCoding.encode([
                ("role", "judge"), ("tests", job.tests), ("entry", job.entryPoint ?? ""), ("prelude", job.prelude),
            ])
            return [candidate, judge]
        case .inProcess, .lateSecret, .compareOutput:
            var program = Role(kind, limits: job.limits)
            program.mayTell = true
            program.secret = secret
            program.stdin = Array(job.stdin.utf8)
            program.payload = FieldCoding.encode([
                ("role", "program"), ("candidate", job.candidate), ("tests", job.tests),
                ("alone", job.mode == .compareOutput ? "1" : "0"), ("poison", poison ? "1" : "0"),
            ])
            return [program]
        }
    }

    private static func usesNumpy(_ job: TestJob) -> Bool {
        job.candidate.contains("numpy") || job.tests.contains("numpy") || job.prelude.contains("numpy")
    }
}
