extension Language {
    /// Swift: the candidate is a module of its own, of which the tests import the entry point and the prompt's types, so
    /// that no overload of the candidate's replaces what the tests call.
    static let swift = Language(
        tools: ["swiftc"], mend: "install a Swift toolchain from swift.org", mode: .lateSecret,
        plan: { job, toolchain in
            (
                SwiftSource.build(job, toolchain),
                { artifact, secret in [program(artifact, secret: secret, job: job, limitsAddressSpace: false)] }
            )
        })
}

private enum SwiftSource {
    static func build(_ job: TestJob, _ toolchain: Toolchain) -> Role {
        var imports = "@testable import func Candidate.\(job.entryPoint ?? "")\n"
        for line in job.prelude.split(separator: "\n") {
            let words = line.split(separator: " ").filter { $0 != "indirect" }
            if words.count > 1, ["enum", "struct", "class"].contains(words[0]) {
                let name = words[1].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                imports += "@testable import \(words[0]) Candidate.\(name)\n"
            }
        }
        let tests = Language.opened(job.tests).replacing("assert(", with: "ybCheck(")
        var limits = Language.buildLimits
        limits.memoryBytes = 2 << 30
        return Language.build(
            script: """
                compile="\(toolchain["swiftc"]) -Onone -suppress-warnings -Xfrontend -solver-expression-time-threshold=6"
                $compile -parse-as-library -enable-testing -module-name Candidate -emit-module \\
                    -emit-module-path Candidate.swiftmodule -c candidate.swift -o candidate.o || exit 1
                $compile -module-name Tests -I . -c main.swift -o main.o || exit 1
                $compile main.o candidate.o -o program || exit 1
                cat program >&4

                """,
            files: [
                ("candidate.swift", Language.closed(job.candidate)),
                ("main.swift", imports + opening + tests + closing),
            ], limits: limits)
    }

    private static let opening = """
        import Glibc
        private func ybTell(_ text: Swift.String) {
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let n = bytes.withUnsafeBytes { Glibc.write(4, $0.baseAddress, $0.count) }
                if n <= 0 { break }
                bytes = bytes.dropFirst(n)
            }
        }
        private func ybCheck(_ good: Swift.Bool, line: Swift.Int = #line) {
            if good { return }
            ybTell("failed\\nassertion in line \\(line) of the tests")
            Glibc._exit(1)
        }

        """

    /// See the closing of the C++ tests.
    private static let closing = """

        private var ybSecret = [Swift.UInt8](repeating: 0, count: 64)
        private let ybCount = Glibc.read(5, &ybSecret, 64)
        if ybCount > 0, ybSecret[0] == 80 {
            ybTell("passed\\n" + Swift.String(decoding: ybSecret.prefix(ybCount), as: Swift.UTF8.self))
        } else {
            ybTell("failed\\ncontrol")
        }
        Glibc._exit(0)

        """
}
