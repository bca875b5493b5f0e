/// The content of `report.json`. Keys are the snake_case forms of the property names; `null` means "not measured".
package struct Report: Codable, Sendable {
    package static let currentSchemaVersion = 1

    package var schemaVersion: Int = Report.currentSchemaVersion
    package var tool: ToolRecord
    /// ISO 8601, UTC.
    package var createdAt: String
    /// The command line that repeats this run.
    package var command: [String]
    package var host: HostRecord
    package var runs: [RunReport]

    package init(tool: ToolRecord, createdAt: String, command: [String], host: HostRecord, runs: [RunReport]) {
        self.tool = tool
        self.createdAt = createdAt
        self.command = command
        self.host = host
        self.runs = runs
    }
}

package struct ToolRecord: Codable, Sendable, Equatable {
    package var name: String
    package var version: String
    /// Commit the binary was built from, or "unknown".
    package var build: String

    package init(name: String, version: String, build: String) {
        self.name = name
        self.version = version
        self.build = build
    }
}

package struct HostRecord: Codable, Sendable, Equatable {
    package var cpu: String
    package var logicalCores: Int
    package var features: [String]
    package var memoryBytes: Int
    package var os: String
    package var kernel: String
    package var blas: BLASRecord
    /// The native kernels' instruction set in use, e.g. "avx512-bf16".
    package var kernels: String

    package init(
        cpu: String, logicalCores: Int, features: [String], memoryBytes: Int, os: String, kernel: String,
        blas: BLASRecord, kernels: String
    ) {
        self.cpu = cpu
        self.logicalCores = logicalCores
        self.features = features
        self.memoryBytes = memoryBytes
        self.os = os
        self.kernel = kernel
        self.blas = blas
        self.kernels = kernels
    }
}

package struct BLASRecord: Codable, Sendable, Equatable {
    package var library: String
    package var version: String
    package var core: String
    package var threads: Int

    package init(library: String, version: String, core: String, threads: Int) {
        self.library = library
        self.version = version
        self.core = core
        self.threads = threads
    }
}

/// One model on one data set in one dtype.
package struct RunReport: Codable, Sendable {
    package var model: ModelRecord
    package var dataset: DatasetRecord
    package var settings: SettingsRecord
    package var accuracy: AccuracyRecord
    /// nil when the completions were made elsewhere (`score`).
    package var throughput: ThroughputRecord?
    package var memory: MemoryRecord?
    package var isolation: IsolationRecord
    package var problems: [ProblemRecord]

    package init(
        model: ModelRecord, dataset: DatasetRecord, settings: SettingsRecord, accuracy: AccuracyRecord,
        throughput: ThroughputRecord?, memory: MemoryRecord?, isolation: IsolationRecord, problems: [ProblemRecord]
    ) {
        self.model = model
        self.dataset = dataset
        self.settings = settings
        self.accuracy = accuracy
        self.throughput = throughput
        self.memory = memory
        self.isolation = isolation
        self.problems = problems
    }
}

package struct ModelRecord: Codable, Sendable, Equatable {
    package var name: String
    package var architecture: String?
    /// "safetensors", "torch", "gguf"; nil when the completions were made elsewhere.
    package var format: String?
    package var parameters: Int?
    package var sha256: String?
    /// The checkpoint's own stored dtype, e.g. "bf16" or "q4_1".
    package var storedDtype: String?
    /// Weights whose value changed on conversion from the stored to the run's dtype.
    package var weightsChanged: Int?

    package init(
        name: String, architecture: String? = nil, format: String? = nil, parameters: Int? = nil,
        sha256: String? = nil, storedDtype: String? = nil, weightsChanged: Int? = nil
    ) {
        self.name = name
        self.architecture = architecture
        self.format = format
        self.parameters = parameters
        self.sha256 = sha256
        self.storedDtype = storedDtype
        self.weightsChanged = weightsChanged
    }
}

package struct DatasetRecord: Codable, Sendable, Equatable {
    package var name: String
    package var version: String?
    /// Problems evaluated in this run (after `--limit` and `--ids`).
    package var problems: Int
    /// SHA-256 of the problems' content, in order.
    package var sha256: String

    package init(name: String, version: String?, problems: Int, sha256: String) {
        self.name = name
        self.version = version
        self.problems = problems
        self.sha256 = sha256
    }
}

package struct SettingsRecord: Codable, Sendable, Equatable {
    /// "fp32", "bf16", "fp16"; nil when the completions were made elsewhere.
    package var dtype: String?
    package var decoding: String
    /// "completion", "chat", "yuan" or "samples".
    package var prompt: String
    package var extraction: String
    package var maxNewTokens: Int?
    package var batchSize: Int?
    package var threads: Int?
    /// "auto", "openblas" or "native".
    package var kernels: String?
    package var stop: [String]

    package init(
        dtype: String?, decoding: String, prompt: String, extraction: String, maxNewTokens: Int?, batchSize: Int?,
        threads: Int?, kernels: String?, stop: [String]
    ) {
        self.dtype = dtype
        self.decoding = decoding
        self.prompt = prompt
        self.extraction = extraction
        self.maxNewTokens = maxNewTokens
        self.batchSize = batchSize
        self.threads = threads
        self.kernels = kernels
        self.stop = stop
    }
}

package struct AccuracyRecord: Codable, Sendable, Equatable {
    /// "pass@1" or "exact_match".
    package var metric: String
    /// Mean over problems; nil when nothing could be scored.
    package var value: Double?
    package var passed: Int
    /// Samples scored; `skipped` and harness failures are not in it.
    package var total: Int
    package var ci95: [Double]?
    package var verdicts: [String: Int]
    /// Further scores by name, such as GSM8K's "strict" and "flexible".
    package var scores: [String: Double]

    package init(
        metric: String, value: Double?, passed: Int, total: Int, ci95: [Double]?, verdicts: [String: Int],
        scores: [String: Double] = [:]
    ) {
        self.metric = metric
        self.value = value
        self.passed = passed
        self.total = total
        self.ci95 = ci95
        self.verdicts = verdicts
        self.scores = scores
    }
}

package struct Percentiles: Codable, Sendable, Equatable {
    package var p50: Double
    package var p95: Double

    package init(p50: Double, p95: Double) {
        self.p50 = p50
        self.p95 = p95
    }
}

package struct ThroughputRecord: Codable, Sendable, Equatable {
    package var promptTokens: Int
    package var generatedTokens: Int
    package var prefillTokensPerS: Double?
    package var decodeTokensPerS: Double?
    package var generationWallS: Double
    package var ttftS: Percentiles?
    package var interTokenS: Percentiles?

    package init(
        promptTokens: Int, generatedTokens: Int, prefillTokensPerS: Double?, decodeTokensPerS: Double?,
        generationWallS: Double, ttftS: Percentiles?, interTokenS: Percentiles?
    ) {
        self.promptTokens = promptTokens
        self.generatedTokens = generatedTokens
        self.prefillTokensPerS = prefillTokensPerS
        self.decodeTokensPerS = decodeTokensPerS
        self.generationWallS = generationWallS
        self.ttftS = ttftS
        self.interTokenS = interTokenS
    }
}

package struct MemoryRecord: Codable, Sendable, Equatable {
    package var peakRssBytes: Int?
    package var weightsBytes: Int?
    package var kvCachePeakBytes: Int?

    package init(peakRssBytes: Int?, weightsBytes: Int?, kvCachePeakBytes: Int?) {
        self.peakRssBytes = peakRssBytes
        self.weightsBytes = weightsBytes
        self.kvCachePeakBytes = kvCachePeakBytes
    }
}

package struct IsolationRecord: Codable, Sendable, Equatable {
    /// "L2", "L0", or "none needed" (exact match runs nothing).
    package var level: String
    package var description: String
    package var interpreters: [String: String]

    package init(level: String, description: String, interpreters: [String: String]) {
        self.level = level
        self.description = description
        self.interpreters = interpreters
    }
}
