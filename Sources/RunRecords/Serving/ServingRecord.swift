/// A server under one load: an entry of `serving`. Formulas are those of vLLM's `vllm bench serve`, whose names stand in
/// brackets.
package struct ServingRecord: Codable, Sendable, Equatable {
    package var endpoint: EndpointRecord
    package var load: LoadRecord
    /// Requests that were answered, and those that were not.
    package var completed: Int
    package var failed: Int
    /// Why, the most frequent first.
    package var errors: [ErrorRecord]
    /// From the first request to the last answer, the waiting between arrivals included [benchmark duration].
    package var durationS: Double
    /// Of the answered requests; nil where one was not counted.
    @Nullable package var inputTokens: Int?
    @Nullable package var outputTokens: Int?
    /// completed ÷ duration [request throughput].
    package var requestsPerS: Double
    /// Answered requests within every limit of `load.goodput` ÷ duration [request goodput]; nil without limits.
    @Nullable package var goodputPerS: Double?
    /// outputTokens ÷ duration [output token throughput].
    @Nullable package var outputTokensPerS: Double?
    /// (inputTokens + outputTokens) ÷ duration [total token throughput].
    @Nullable package var totalTokensPerS: Double?
    /// Most answered requests under way at one moment. vLLM's "peak concurrent requests" counts all that touch the same
    /// second, and so more than ever were under way where answers take less.
    package var peakConcurrency: Int
    /// From sending a request to its first chunk [TTFT].
    @Nullable package var ttftS: Distribution?
    /// (E2EL − TTFT) ÷ (output tokens − 1) of each request with more than one [TPOT].
    @Nullable package var tpotS: Distribution?
    /// Between successive chunks of a request, all requests together [ITL].
    @Nullable package var itlS: Distribution?
    /// From sending a request to its last chunk [E2EL].
    @Nullable package var e2elS: Distribution?
    /// What the server told of itself meanwhile, by the name of the metric.
    package var serverMetrics: [SampledMetric]
    /// Graphics processors of this host, where the server runs on it.
    package var devices: [DeviceRecord]
    package var warnings: [BenchmarkWarning]

    package init(endpoint: EndpointRecord, load: LoadRecord, durationS: Double) {
        self.endpoint = endpoint
        self.load = load
        self.durationS = durationS
        (completed, failed, peakConcurrency, requestsPerS) = (0, 0, 0, 0)
        (errors, serverMetrics, devices, warnings) = ([], [], [], [])
        (inputTokens, outputTokens, goodputPerS, outputTokensPerS, totalTokensPerS) = (nil, nil, nil, nil, nil)
        (ttftS, tpotS, itlS, e2elS) = (nil, nil, nil, nil)
    }
}

/// What a server was put under.
package struct LoadRecord: Codable, Sendable, Equatable {
    /// "closed": so many requests are always under way; "open": requests arrive whatever the server does.
    package var kind: String
    /// Requests under way at the same time; nil without a limit.
    @Nullable package var concurrency: Int?
    /// Arrivals a second; nil in a closed loop.
    @Nullable package var requestRate: Double?
    /// "poisson" or "fixed"; nil in a closed loop.
    @Nullable package var arrivals: String?
    package var seed: Int
    package var requests: Int
    /// Requests before those, which are in no number.
    package var warmup: Int
    /// Where prompts come from: a data set's name, or "synthetic".
    package var prompts: String
    /// Asked for; nil for the prompts of a data set.
    @Nullable package var promptTokens: Int?
    /// New tokens at most.
    package var maxNewTokens: Int
    /// Whether answers go on past end-of-sequence tokens.
    package var ignoreEos: Bool
    @Nullable package var goodput: GoodputLimits?

    package init(
        kind: String, concurrency: Int?, requestRate: Double?, arrivals: String?, seed: Int, requests: Int, warmup: Int,
        prompts: String, promptTokens: Int?, maxNewTokens: Int, ignoreEos: Bool, goodput: GoodputLimits?
    ) {
        self.kind = kind
        self.concurrency = concurrency
        self.requestRate = requestRate
        self.arrivals = arrivals
        self.seed = seed
        self.requests = requests
        self.warmup = warmup
        self.prompts = prompts
        self.promptTokens = promptTokens
        self.maxNewTokens = maxNewTokens
        self.ignoreEos = ignoreEos
        self.goodput = goodput
    }
}

/// What a request must keep to be good; nil for what does not matter.
package struct GoodputLimits: Codable, Sendable, Equatable {
    @Nullable package var ttftS: Double?
    @Nullable package var tpotS: Double?
    @Nullable package var e2elS: Double?

    package init(ttftS: Double? = nil, tpotS: Double? = nil, e2elS: Double? = nil) {
        self.ttftS = ttftS
        self.tpotS = tpotS
        self.e2elS = e2elS
    }
}

/// A reason for which requests failed.
package struct ErrorRecord: Codable, Sendable, Equatable {
    package var reason: String
    package var count: Int

    package init(reason: String, count: Int) {
        self.reason = reason
        self.count = count
    }
}

/// A number that was looked at again and again.
package struct SampledMetric: Codable, Sendable, Equatable {
    package var name: String
    package var samples: Int
    package var first: Double
    package var last: Double
    package var min: Double
    package var mean: Double
    package var max: Double

    /// nil of nothing.
    package init?(name: String, values: [Double]) {
        let finite = values.filter(\.isFinite)
        guard let first = finite.first, let last = finite.last, let min = finite.min(), let max = finite.max() else {
            return nil
        }
        self.name = name
        samples = finite.count
        (self.first, self.last, self.min, self.max) = (first, last, min, max)
        mean = finite.reduce(0, +) / Double(finite.count)
    }
}

/// A graphics processor while a load ran.
package struct DeviceRecord: Codable, Sendable, Equatable {
    /// "nvidia-smi" or "rocm-smi".
    package var source: String
    package var index: Int
    @Nullable package var name: String?
    @Nullable package var memoryTotalBytes: Double?
    @Nullable package var memoryUsedBytes: SampledMetric?
    @Nullable package var powerW: SampledMetric?
    /// 0…1.
    @Nullable package var utilization: SampledMetric?

    package init(source: String, index: Int, name: String?) {
        self.source = source
        self.index = index
        self.name = name
        (memoryTotalBytes, memoryUsedBytes, powerW, utilization) = (nil, nil, nil, nil)
    }
}
