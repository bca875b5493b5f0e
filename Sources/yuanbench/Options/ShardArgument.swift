import ArgumentParser
import Evaluation
import Foundation

/// `--shard 2/4`, or `auto`: the number that a cluster gave this process.
enum ShardArgument: ExpressibleByArgument, Sendable {
    case part(index: Int, count: Int)
    /// `auto`, or `auto/4` where the cluster does not tell the count.
    case automatic(count: Int?)

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts[0] == "auto", parts.count <= 2 {
            if parts.count == 1 {
                self = .automatic(count: nil)
            } else if let count = Self.count(parts[1]) {
                self = .automatic(count: count)
            } else {
                return nil
            }
        } else if parts.count == 2, let index = Int(parts[0]), let count = Self.count(parts[1]),
            (1...count).contains(index)
        {
            self = .part(index: index, count: count)
        } else {
            return nil
        }
    }

    private static func count(_ text: String) -> Int? { Int(text).flatMap { (1...1_000_000).contains($0) ? $0 : nil } }

    /// Index from 1 and count.
    /// - Throws: `Failure` (64) if `auto` finds no array job, or one whose tasks are not evenly numbered.
    func resolved(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Shard {
        switch self {
        case .part(let index, let count): return Shard(index: index, count: count)
        case .automatic(let given):
            func number(_ name: String) throws -> Int? {
                guard let text = environment[name], !text.isEmpty else { return nil }
                guard let value = Int(text), (0...100_000_000).contains(value) else {
                    throw Failure(
                        Exit.usage, "--shard auto: \(name) is \"\(text.printable())\", expected a number from 0")
                }
                return value
            }
            if let task = try number("SLURM_ARRAY_TASK_ID") {
                let least = try number("SLURM_ARRAY_TASK_MIN") ?? 0
                let step = max(1, try number("SLURM_ARRAY_TASK_STEP") ?? 1)
                let last = try number("SLURM_ARRAY_TASK_MAX") ?? task
                guard let count = try given ?? number("SLURM_ARRAY_TASK_COUNT") else {
                    throw Failure(
                        Exit.usage, "--shard auto: SLURM_ARRAY_TASK_COUNT is not set; give the count as --shard auto/N")
                }
                // A repeated part of an array has gaps; given the count, its tasks keep their numbers.
                let isEven = given != nil || (last - least) / step + 1 == count
                return try Self.part(
                    task - least, step: step, of: count, isEven: isEven, name: "SLURM_ARRAY_TASK_ID \(task)")
            }
            if let index = try number("JOB_COMPLETION_INDEX") {
                guard let count = try given ?? number("JOB_COMPLETIONS") else {
                    throw Failure(
                        Exit.usage,
                        "--shard auto: JOB_COMPLETIONS is not set (Kubernetes does not set it by itself); set it in the job, or give "
                            + "--shard auto/N")
                }
                return try Self.part(index, step: 1, of: count, isEven: true, name: "JOB_COMPLETION_INDEX \(index)")
            }
            throw Failure(
                Exit.usage,
                "--shard auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set; start it from an array job, or give i/n"
            )
        }
    }

    private static func part(_ offset: Int, step: Int, of count: Int, isEven: Bool, name: String) throws -> Shard {
        guard isEven, offset >= 0, offset % step == 0, offset / step < count else {
            throw Failure(
                Exit.usage,
                "--shard auto: \(name) is none of \(count) evenly numbered tasks; number the array 1-\(count), or give --shard i/n"
            )
        }
        return Shard(index: offset / step + 1, count: count)
    }
}
