/// The content of `report.json`. Keys are the snake_case forms of the property names; `null` means "not measured".
package struct Report: Codable, Sendable, Equatable {
    package static let currentSchemaVersion = 1

    package var schemaVersion: Int = Report.currentSchemaVersion
    package var tool: ToolRecord
    /// ISO 8601, UTC.
    package var createdAt: String
    /// The command line that repeats this run.
    package var command: [String]
    package var host: HostRecord
    package var runs: [RunReport]
    /// Pairs of runs, problem by problem.
    @EmptyIfAbsent package var comparisons: [ComparisonRecord]
    /// Points of `bench`.
    @EmptyIfAbsent package var benchmarks: [BenchmarkRecord]

    /// Loads that `bench --endpoint` put servers under.
    @EmptyIfAbsent package var serving: [ServingRecord]

    package init(
        tool: ToolRecord, createdAt: String, command: [String], host: HostRecord, runs: [RunReport],
        comparisons: [ComparisonRecord] = [], benchmarks: [BenchmarkRecord] = [], serving: [ServingRecord] = []
    ) {
        self.tool = tool
        self.createdAt = createdAt
        self.command = command
        self.host = host
        self.runs = runs
        self.comparisons = comparisons
        self.benchmarks = benchmarks
        self.serving = serving
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
