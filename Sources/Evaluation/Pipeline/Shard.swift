import RunRecords

/// One of `count` equal parts of a selection, counted from 1.
package struct Shard: Sendable, Equatable {
    package var index: Int
    package var count: Int

    package init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }
}

extension EvaluationPlan {
    /// The tasks of one shard: every `count`-th from the `index`-th on, so that easy and hard ends of a set are shared out.
    /// - Throws: `EvaluationError` if there are fewer problems than shards.
    package func part(_ shard: Shard) throws(EvaluationError) -> EvaluationPlan {
        guard shard.count <= tasks.count else {
            throw EvaluationError(
                .badInput,
                "--shard \(shard.index)/\(shard.count): data set \(dataset.declaration.name) has only \(tasks.count) selected problems; "
                    + "divide it into at most as many")
        }
        var plan = self
        plan.shard = ShardRecord(
            index: shard.index, count: shard.count, problems: tasks.count, sha256: datasetRecord.sha256)
        plan.tasks = stride(from: shard.index - 1, to: tasks.count, by: shard.count).map { tasks[$0] }
        return plan
    }
}
