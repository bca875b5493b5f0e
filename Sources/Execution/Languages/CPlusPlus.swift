extension Language {
    /// C++: candidate and tests are separate translation units, so that no macro reaches the tests; of the candidate's
    /// symbols only the entry point is left, so that none replaces what the tests call.
    static let cPlusPlus = Language(
        tools: ["g++", "objcopy"], mend: "apt-get install g++", mode: .lateSecret,
        plan: { job, toolchain in
            (
                CPlusPlusSource.build(job, toolchain),
                { artifact, secret in [program(artifact, secret: secret, job: job, limitsAddressSpace: true)] }
            )
        })
}

private enum CPlusPlusSource {
    /// The tests are compiled first: whatever fails after them is the candidate's doing, a full work folder included, and
    /// it cannot include them.
    static func build(_ job: TestJob, _ toolchain: Toolchain) -> Role {
        let name = job.entryPoint ?? ""
        var lines = job.prelude.split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        // The prompt ends with the head of the function: what stands before it is shared, the head is declared.
        let head = lines.popLast().map { $0.split(separator: "{").first.map(String.init) ?? "" } ?? ""
        let preamble = lines.joined(separator: "\n")
        let candidate = Language.closed(job.candidate) + head + ";\n"
        var tests = Language.opened(job.tests).replacing("int main(", with: "static int yb_tests(")
        if let end = tests.lastIndex(of: "}") { tests.replaceSubrange(end..., with: "return 0; }\n") }
        // Templates that both instantiate lie in groups, of which the linker keeps one: once its symbols are hidden, the
        // candidate's own copy has to be no group any more.
        return Language.build(
            script: """
                flags="-std=c++17 -O0 -w -fmax-errors=20"
                \(toolchain["g++"]) $flags -c tests.cpp -o tests.o && rm tests.cpp || exit 2
                \(toolchain["g++"]) $flags -c candidate.cpp -o candidate.o || exit 1
                \(toolchain["g++"]) -r -nostdlib -Wl,--force-group-allocation candidate.o -o whole.o || exit 1
                \(toolchain["objcopy"]) -w --keep-global-symbol='_Z\(name.utf8.count)\(name)*' whole.o || exit 1
                \(toolchain["g++"]) whole.o tests.o -o program || exit 1
                cat program >&4

                """,
            files: [
                ("candidate.cpp", candidate),
                ("tests.cpp", opening + preamble + "\n" + head + ";\n" + checks + tests + closing),
            ])
    }

    private static let opening = """
        #include <cstring>
        #include <exception>
        #include <new>
        #include <unistd.h>
        static void yb_tell(const char *text, long bytes) {
            while (bytes > 0) {
                long n = write(4, text, bytes);
                if (n <= 0) break;
                text += n;
                bytes -= n;
            }
        }
        static void yb_check(bool good, int line) {
            if (good) return;
            char digits[12];
            int at = sizeof digits;
            for (; line > 0; line /= 10) digits[--at] = '0' + line % 10;
            yb_tell("failed\\nassertion in line ", 25);
            yb_tell(digits + at, sizeof digits - at);
            yb_tell(" of the tests", 13);
            _exit(1);
        }

        """

    /// Not by their text, which the candidate could find in its own program.
    private static let checks = """
        #undef assert
        #define assert(...) yb_check(static_cast<bool>(__VA_ARGS__), __LINE__)
        #line 1

        """

    /// The secret's first letter is a P, or a C in the negative control, in which nothing may be told to have passed.
    private static let closing = """
        int main() {
            try {
                yb_tests();
            } catch (const std::bad_alloc &) {
                yb_tell("oom\\nstd::bad_alloc", 18);
                _exit(1);
            } catch (const std::exception &error) {
                yb_tell("failed\\nuncaught exception: ", 27);
                yb_tell(error.what(), strlen(error.what()));
                _exit(1);
            }
            char secret[64];
            long n = read(5, secret, sizeof secret);
            if (n > 0 && secret[0] == 'P') {
                yb_tell("passed\\n", 7);
                yb_tell(secret, n);
            } else {
                yb_tell("failed\\ncontrol", 14);
            }
            _exit(0);
        }

        """
}
