import Evaluation
import Foundation
import Reports
import RunRecords
import TestSupport

extension FuzzReaders {
    /// Data sets, samples, and what a run leaves behind.
    static let records: [FuzzReader] = [
        FuzzReader(
            "dataset", file: "problems.jsonl", seeds: ["evaluation"], endings: [".jsonl"],
            words: jsonWords + [
                "task_id", "prompt", "entry_point", "canonical_solution", "test", "test_list", "question", "answer",
                "code", "input", "output", "id", "\n",
            ], read: { _, file in try exercise(DatasetLoader.load(file: file)) }),
        FuzzReader(
            "dataset-gzip", file: "HumanEval.jsonl.gz", seeds: ["evaluation"], endings: [".gz"],
            words: ["\u{1F}"], read: { _, file in try exercise(DatasetLoader.load(file: file)) }),
        FuzzReader(
            "dataset-declaration", file: "dataset.json", seeds: ["../../Datasets"], endings: ["/dataset.json"],
            words: jsonWords + [
                "name", "version", "kind", "python-tests", "exact-match", "prompt", "style", "few_shot", "count",
                "stop", "completion", "chat", "scorer", "limits", "cpu_seconds", "extract", "normalise", "id_range",
                "max_new_tokens", "skip", "source", "file", "format",
            ],
            neighbours: ["problems.jsonl": Array(problem.utf8)],
            read: { folder, _ in try exercise(DatasetLoader.load(folder: folder)) }),
        FuzzReader(
            "samples", file: "samples.jsonl", seeds: [], endings: [],
            words: jsonWords + ["task_id", "completion", "solution", "HumanEval/0", "a/1", "1", "\n"],
            neighbours: [
                "dataset.json": Array(declaration.utf8), "problems.jsonl": Array(problem.utf8),
            ],
            read: { folder, file in
                _ = try SampleSet.read(contentsOf: file, dataset: DatasetLoader.load(folder: folder))
            }),
        FuzzReader(
            "report", file: "report.json", seeds: ["reports"], endings: [".json"],
            words: jsonWords + [
                "schema_version", "runs", "problems", "accuracy", "ci95", "verdicts", "throughput", "host",
            ],
            read: { _, file in exercise(try ReportCoding.decode(Data(contentsOf: file))) }),
        FuzzReader(
            "requests", file: "requests.jsonl", seeds: [], endings: [],
            words: jsonWords + [
                "load", "index", "start_s", "ttft_s", "tpot_s", "e2el_s", "itl_s", "input_tokens", "output_tokens",
                "error", "\n",
            ],
            read: { _, file in _ = try RequestLines.decode(Data(contentsOf: file), name: "requests.jsonl") }),
        FuzzReader(
            "run", file: "run.json", seeds: [], endings: [],
            words: jsonWords + ["schema_version", "runs", "settings", "key", "tool", "command", "created_at", "host"],
            read: { folder, _ in _ = try RunManifest.read(from: folder)?.runs.map(\.hash) }),
        FuzzReader(
            "journal", file: "results.jsonl", seeds: [], endings: [],
            words: jsonWords + ["{\"crc32\":\"", "\",\"record\":{", "\"run\":", "\"sample\":", "\n"],
            read: { folder, _ in _ = try Journal.records(in: folder) }),
    ]

    static let declaration = """
        {"name": "tiny", "version": "1", "description": "Tiny.", "licence": "Apache-2.0", "kind": "python-tests",
         "prompt": {"style": "completion", "chat": "{text}", "chat_prefill": "```python\\n", "system": "Be brief."},
         "stop": {"completion": ["\\ndef "], "chat": ["\\n```\\n"]}, "max_new_tokens": 64,
         "scorer": {"limits": {"cpu_seconds": 1.5}}}
        """

    static let problem = """
        {"id": "a/1", "prompt": "def f():\\n", "text": "Return 1.", "entry_point": "f", \
        "solution": "def f():\\n    return 1\\n", "tests": ["assert f() == 1"], "tags": ["t"], "difficulty": "very easy"}

        """

    /// Does to a report that was accepted what `report`, `verify`, `compare` and `merge` do.
    private static func exercise(_ report: Report) {
        for format in ReportFormats.all { _ = try? format.render(report) }
        _ = ReportVerifier(report).findings
        let settings = GateSettings(failOn: ["speed", "memory"])
        if let comparison = try? BaselineComparison(
            baseline: report, candidate: report, settings: settings, names: ("a", "b"))
        {
            _ = ComparisonMarkdown(comparison, baseline: "a", candidate: "b").text()
            _ = ComparisonSummary.render(comparison)
        }
        let merge = try? ShardMerge([ShardMerge.Source(name: "a", report: report)])
        _ = try? merge?.report(createdAt: "", command: [])
    }

    /// Makes every prompt of a set that was accepted.
    private static func exercise(_ dataset: Dataset) throws {
        for mode in [PromptMode.completion, .chat] {
            let plan = try EvaluationPlan(
                dataset: dataset, mode: mode.resolved(for: dataset.declaration, modelHasChatTemplate: true))
            _ = plan.promptsSha256
        }
    }
}
