import ArgumentParser
import Evaluation
import Performance
import RunRecords

extension Arrivals: ExpressibleByArgument {}

/// Options of `bench` for engines elsewhere.
struct ServingArguments: ParsableArguments {
    @OptionGroup var endpoints: EndpointArguments

    @Option(
        name: .long,
        help: "With --endpoint: requests under way at the same time, a list (default without --request-rate: 1,8).")
    var concurrency: String?

    @Option(
        name: .long,
        help: ArgumentHelp("With --endpoint: arrivals a second, whatever the server does, a list.", valueName: "r,…"))
    var requestRate: String?

    @Option(name: .long, help: "How the gaps between arrivals are distributed: poisson or fixed.")
    var arrivals: Arrivals = .poisson

    @Option(name: .long, help: "With --endpoint: requests of each point.")
    var numPrompts = 64

    @Option(
        name: .long,
        help: ArgumentHelp("With --endpoint: prompts of this problem set instead of synthetic ones.", valueName: "name")
    )
    var dataset: String?

    @Option(name: .long, help: "With --endpoint: seed of prompts and arrivals.")
    var seed = 0

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "With --endpoint: limits in milliseconds that a good request keeps: ttft, tpot, e2el.",
            valueName: "ttft:500 …"))
    var goodput: [String] = []

    var areGiven: Bool { !endpoints.endpoint.isEmpty }

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["--dataset": dataset])
        if !(1...1_000_000).contains(numPrompts) {
            throw ValidationError("--num-prompts is \(numPrompts), expected 1 to 1,000,000.")
        }
        _ = try patterns()
        _ = try limits()
        if !areGiven && (concurrency != nil || requestRate != nil || dataset != nil || !goodput.isEmpty) {
            throw ValidationError(
                "--concurrency, --request-rate, --dataset and --goodput are for --endpoint; the local engine takes --batch."
            )
        }
    }

    /// The loads of the grid, closed loops first.
    func patterns() throws -> [LoadPattern] {
        let usual = requestRate == nil ? "1,8" : nil
        let closed = try (concurrency ?? usual).map {
            try Lists.numbers($0, option: "concurrency", in: 1...65_536).map { LoadPattern.closed(concurrency: $0) }
        }
        let open = try requestRate?.split(separator: ",", omittingEmptySubsequences: false).map { item in
            guard let rate = Double(item), rate > 0, rate <= 100_000 else {
                throw ValidationError("--request-rate: \"\(item)\" is no rate above 0; expected some such as 0.5,2,8.")
            }
            return LoadPattern.open(rate: rate, arrivals: arrivals)
        }
        return (closed ?? []) + (open ?? [])
    }

    /// nil where no limit was given. Milliseconds, as vLLM's `--goodput` has them.
    func limits() throws -> GoodputLimits? {
        if goodput.isEmpty { return nil }
        var limits = GoodputLimits()
        for item in goodput.flatMap({ $0.split(separator: " ") }) {
            let parts = item.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let milliseconds = Double(parts[1]), milliseconds > 0, milliseconds.isFinite else {
                throw ValidationError("--goodput: \"\(item)\" is no limit; expected some such as ttft:500 tpot:50.")
            }
            switch parts[0] {
            case "ttft": limits.ttftS = milliseconds / 1000
            case "tpot": limits.tpotS = milliseconds / 1000
            case "e2el": limits.e2elS = milliseconds / 1000
            default: throw ValidationError("--goodput: unknown \"\(parts[0])\"; expected ttft, tpot or e2el.")
            }
        }
        return limits
    }
}
