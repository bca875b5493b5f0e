import ArgumentParser
import Foundation

@main
struct YuanBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yuanbench",
        abstract: "Measures how well and how fast a code model works on this host.",
        discussion: """
            Example:
              yuanbench eval --model smollm2-135m-instruct --dtype bf16,fp16 --limit 20
            """,
        version: Version.line,
        subcommands: [
            Eval.self, Bench.self, Precision.self, Compare.self, Verify.self, Score.self, Merge.self, Generate.self,
            Chat.self, Serve.self,
            ModelCommand.self, DatasetCommand.self,
            ReportCommand.self, Doctor.self,
        ])

    static func main() async {
        StandardStreams.openMissing()
        // A reader that went away must not kill us: writing says so instead.
        signal(SIGPIPE, SIG_IGN)
        // Likewise a file that may not grow any more (ulimit -f): the write fails, as on a full disk.
        signal(SIGXFSZ, SIG_IGN)
        // The first Ctrl-C stops the work in good order, a second one at once (everything finished is on disk).
        let work = Task { await runToExitCode() }
        let interrupts = Interrupts { work.cancel() }
        let (code, isMeantToBeStopped) = await work.value
        Foundation.exit(interrupts.happened && !isMeantToBeStopped ? Exit.interrupted : code)
    }

    /// The exit code, and whether a signal is the usual end of the command.
    private static func runToExitCode() async -> (Int32, isMeantToBeStopped: Bool) {
        var isServer = false
        return (await runToExitCode(&isServer), isServer)
    }

    private static func runToExitCode(_ isServer: inout Bool) async -> Int32 {
        do {
            // Argument parsing knows but a fixed line, which should not ask OpenBLAS at every start.
            if CommandLine.arguments.dropFirst() == ["--version"] {
                try Output.write(Version.full)
                return 0
            }
            var command = try parseAsRoot()
            isServer = command is Serve
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch let failure as Failure {
            Talk.say("yuanbench: \(failure.message)")
            return failure.code
        } catch is CancellationError {
            return Exit.interrupted
        } catch {
            if let failure = Failure(explaining: error) {
                Talk.say("yuanbench: \(failure.message)")
                return failure.code
            }
            let text = fullMessage(for: error)
            let code = exitCode(for: error).rawValue
            if code == 0 { return printed(text + "\n") }
            if !text.isEmpty { Talk.say(text) }
            return code
        }
    }

    /// Prints what argument parsing calls a clean exit, such as `--help`, and gives the exit code.
    private static func printed(_ text: String) -> Int32 {
        do {
            try Output.write(text)
            return 0
        } catch {
            Talk.say("yuanbench: \((error as? Failure)?.message ?? "\(error)")")
            return Exit.cannotWrite
        }
    }
}
