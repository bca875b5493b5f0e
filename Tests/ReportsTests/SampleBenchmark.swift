import Foundation
import RunRecords

/// A report such as `bench` writes: two dtypes, three batch sizes, two prompt lengths, three repetitions.
enum SampleBenchmark {
    static var report: Report {
        var report = SampleReport.report
        report.runs = []
        report.comparisons = []
        report.command = ["yuanbench", "bench", "--batch", "1,8,32", "--dtype", "bf16,fp16"]
        report.benchmarks = ["bf16", "fp16"].flatMap { dtype in
            [128, 512].flatMap { prompt in [1, 8, 32].map { record(dtype, prompt: prompt, batch: $0) } }
        }
        return report
    }

    static func record(_ dtype: String, prompt: Int, batch: Int) -> BenchmarkRecord {
        let rate = 12 * Double(batch) / (1 + Double(batch) / 20) * (dtype == "bf16" ? 1 : 0.8)
        var record = BenchmarkRecord(
            model: ModelRecord(
                name: "shape:yuan2-2b", architecture: "yuan", format: "random", parameters: 2_088_724_480,
                sha256: "ab", storedDtype: "bf16", weightsChanged: 0),
            dtype: dtype, kernels: "auto", threads: 2, batchSize: batch, promptTokens: prompt, generatedTokens: 32,
            warmup: 1, speculation: false,
            samples: [-1.0, 0, 1].map { step in
                var sample = BenchmarkSample(wallS: 4)
                sample.prefillS = 2
                sample.decodeS = 1.5
                sample.prefillTokensPerS = 100 + step
                sample.decodeTokensPerS = rate * (1 + 0.02 * step)
                sample.ttftS = Latencies(of: [0.5])
                sample.interTokenS = Latencies(of: [0.08, 0.09])
                sample.readBytesPerS = 60e9
                sample.flopsPerS = 480e9
                sample.bandwidthShare = 0.8
                sample.computeShare = 0.1
                sample.prefillComputeShare = 0.7
                sample.stealShare = 0
                sample.otherLoadShare = 0.3
                return sample
            })
        record.ttftS = Latencies(of: [0.4, 0.5])
        record.interTokenS = Latencies(of: [0.08, 0.09])
        record.loadS = 3.2
        record.peakRssBytes = 4_400_000_000 + batch * 31_457_280
        record.weightsBytes = 4_177_448_960
        record.kvCachePeakBytes = batch * 31_457_280
        record.kvBytesPerToken = 196_608
        record.decodeStepBytes = 4.2e9
        record.decodeStepFlops = 4.2e9 * Double(batch)
        record.prefillFlops = 5e11
        record.warnings = [
            BenchmarkWarning(
                cause: "other processes used up to 30 % of the cores' time", remedy: "stop them and measure again")
        ]
        return record
    }
}
