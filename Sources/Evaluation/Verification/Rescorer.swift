import Execution
import RunRecords

/// Judges stored completions anew.
package struct Rescorer: Sendable {
    private let dataset: Dataset
    private let plan: EvaluationPlan?
    private let scorer: any Scorer

    /// - Parameter plan: how the problems were put, for the extraction; nil scores what was extracted then.
    /// - Throws: `EvaluationError` if the data set names a scorer that does not exist.
    package init(dataset: Dataset, plan: EvaluationPlan?, runner: any TestRunner) throws(EvaluationError) {
        guard let entry = Scorers.table[dataset.declaration.scorer.name] else {
            throw EvaluationError(
                .badInput,
                "data set \(dataset.declaration.name): no scorer \"\(dataset.declaration.scorer.name.printable())\"")
        }
        self.dataset = dataset
        self.plan = plan
        scorer = entry.make(dataset.declaration.scorer, runner)
    }

    /// What does not follow from the record's completion: the extracted text or the verdict; nil for what is not scored
    /// or not in the data set.
    package func findings(_ record: ProblemRecord, at place: String) async -> [ReportVerifier.Finding]? {
        guard !Verdicts.unscored.contains(record.verdict),
            let problem = dataset.problems.first(where: { $0.id == record.id })
        else { return nil }
        var findings: [ReportVerifier.Finding] = []
        var extracted = record.extracted
        if let task = plan?.tasks.first(where: { $0.problem.id == record.id }),
            let rule = ExtractionRules.named(record.extraction)
        {
            extracted = rule.extract(task.extractionInput(record.completion))
            if extracted != record.extracted {
                findings.append(
                    .init(
                        "\(place).extracted", stored: "other than the completion gives",
                        recomputed: "\(extracted.utf8.count) bytes by \(record.extraction)"))
            }
        }
        let score = await scorer.score(extracted, for: problem)
        if score.verdict.rawValue != record.verdict {
            findings.append(.init("\(place).verdict", stored: record.verdict, recomputed: score.verdict.rawValue))
        }
        return findings
    }
}
