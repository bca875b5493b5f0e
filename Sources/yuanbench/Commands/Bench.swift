import ArgumentParser
import Foundation
import LocalGeneration
import Performance
import Reports
import RunRecords
import Tensors

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures throughput, latency and memory over a grid, against the limits of this host.",
        discussion: """
            Every option that takes a list makes the grid larger: each combination is a point. Prompts are fixed random \
            tokens, and generation goes on past end-of-sequence tokens. Needs no model file: shape:NAME is a model of \
            that shape with random weights. Writes report.json, report.md and charts.

            Example:
              yuanbench bench
              yuanbench bench --model shape:smollm2-135m --batch 1,8,32 --dtype bf16,fp16
              yuanbench bench --model ./Yuan2-2B-Mars-hf --prompt-tokens 128,512 --threads 1,2 --json
              yuanbench bench --endpoint http://gpu:8000 --concurrency 1,8,32 --prompt-tokens 512 --generate-tokens 128
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A folder in Hugging Face layout, a .gguf file, a known name, or shape:NAME (see 'model list').",
            valueName: "path"))
    var model = "shape:yuan2-2b"

    @Option(name: .long, help: "Tokens of each prompt, a list.")
    var promptTokens = "128"

    @Option(name: .long, help: "New tokens of each sequence, a list.")
    var generateTokens = "32"

    @Option(name: .long, help: "Sequences side by side, a list.")
    var batch = "1,8"

    @Option(name: .long, help: "Threads of the engine, a list (default: every core this process may use).")
    var threads: String?

    @Option(name: .long, help: "Arithmetic, a list of fp32, bf16 and fp16 (default: the checkpoint's own).")
    var dtype: String?

    @Option(name: .long, help: "Who multiplies prompt tokens, a list of auto, openblas and native.")
    var kernels = "auto"

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How weights lie in memory, a list of auto, plain and compact (auto: compact for small batches of a bf16 checkpoint)."
        ))
    var weights = "auto"

    @Option(name: .long, help: "Measurements of each point; their median is the result.")
    var repetitions = 5

    @Option(name: .long, help: "Runs of each point before those.")
    var warmup = 1

    @Flag(name: .long, help: "Let the engine guess tokens from the text so far, which is off otherwise.")
    var speculation = false

    @Flag(
        name: .long,
        help: "Measure the model's matrix products alone, for --batch generated and --prompt-tokens prompt tokens.")
    var kernelsOnly = false

    @OptionGroup var serving: ServingArguments

    @Option(name: .long, help: ArgumentHelp("Folder of the run (default: a new one in runs/).", valueName: "folder"))
    var output: String?

    @Flag(name: .long, help: "No progress and no table.")
    var quiet = false

    @Flag(name: .long, help: "Print the report as JSON on stdout, and nothing else there.")
    var json = false

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["--output": output])
        _ = try request()
        for (name, value, least) in [("repetitions", repetitions, 1), ("warmup", warmup, 0)] {
            if !(least...10_000).contains(value) {
                throw ValidationError("--\(name) is \(value), expected \(least) to 10000.")
            }
        }
    }

    private func request() throws -> BenchRequest {
        let tokens = 1...1_000_000
        return BenchRequest(
            points: BenchmarkPoint.grid(
                promptTokens: try Lists.numbers(promptTokens, option: "prompt-tokens", in: tokens),
                generatedTokens: try Lists.numbers(generateTokens, option: "generate-tokens", in: tokens),
                batchSizes: try Lists.numbers(batch, option: "batch", in: 1...4096)),
            threads: try threads.map { try Lists.numbers($0, option: "threads", in: 1...1024) },
            dtypes: try dtype.map { try Lists.names($0, option: "dtype", of: DType.self) },
            kernels: try Lists.names(kernels, option: "kernels", of: KernelPolicy.self),
            weights: try Lists.names(weights, option: "weights", of: WeightLayout.self), repetitions: repetitions,
            warmup: warmup, speculation: speculation, kernelsOnly: kernelsOnly)
    }

    func run() async throws {
        if serving.areGiven { return try await ServingBench(bench: self).run() }
        let source = try ModelArguments.open(model)
        let facts = ModelFacts(source, name: model)
        let session = BenchSession(
            source: source, facts: facts, request: try request(), say: quiet ? { _ in } : { Talk.say($0) })
        if kernelsOnly { return try measureKernels(session) }
        try session.check()
        var report = RunDirectory.report(host: Host.record(try Backend(dtype: .fp32).description), runs: [])
        let folder = RunArguments.folder(output, named: "bench-\(facts.name)")
        do {
            try await session.run { report.benchmarks.append($0) }
        } catch let error as CancellationError {
            // What was measured before the interrupt is kept.
            if !report.benchmarks.isEmpty { try RunDirectory.finish(report, in: folder, json: json, quiet: quiet) }
            throw error
        }
        try RunDirectory.finish(report, in: folder, json: json, quiet: quiet)
    }

    /// A table on stdout, or JSON; nothing is written.
    private func measureKernels(_ session: BenchSession) throws {
        let bench = KernelBench(source: session.source, request: session.request)
        let results = try session.setups.flatMap { try bench.run($0) }
        guard json else { return try Output.write(KernelBench.table(results)) }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try Output.write(String(decoding: try encoder.encode(results), as: UTF8.self) + "\n")
    }
}
