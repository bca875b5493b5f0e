import RunRecords

/// Looks at a server and its graphics processors every second while a load runs.
package actor ServerWatch {
    private let metrics: @Sendable () async -> String?
    private let devices: (tool: DeviceTool, file: String)?
    private var values: [String: [Double]] = [:]
    private var readings: [Int: [DeviceReading]] = [:]
    private var task: Task<Void, Never>?

    /// - Parameters:
    ///   - metrics: the server's numbers as text; nil where it has none.
    ///   - devices: the tool for graphics processors; nil where the server runs elsewhere or there is none.
    package init(metrics: @escaping @Sendable () async -> String?, devices: (tool: DeviceTool, file: String)?) {
        self.metrics = metrics
        self.devices = devices
    }

    package func start() {
        task = Task {
            while !Task.isCancelled {
                await sample()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Looks once more and stops.
    package func stop() async -> (metrics: [SampledMetric], devices: [DeviceRecord]) {
        task?.cancel()
        await task?.value
        await sample()
        return (
            values.sorted { $0.key < $1.key }.compactMap { SampledMetric(name: $0.key, values: $0.value) },
            readings.sorted { $0.key < $1.key }.compactMap { record($0.key, $0.value) }
        )
    }

    private func sample() async {
        if let text = await metrics() {
            for (name, value) in MetricsText.values(in: text) { values[name, default: []].append(value) }
        }
        if let devices {
            // Waits for another program, which must not hold up the answers' threads.
            let found = await Task.detached { devices.tool.read(file: devices.file) }.value
            for reading in found { readings[reading.index, default: []].append(reading) }
        }
    }

    private func record(_ index: Int, _ readings: [DeviceReading]) -> DeviceRecord? {
        guard let devices, let last = readings.last else { return nil }
        var record = DeviceRecord(source: devices.tool.rawValue, index: index, name: last.name)
        record.memoryTotalBytes = last.memoryTotalBytes
        record.memoryUsedBytes = SampledMetric(
            name: "memory_used_bytes", values: readings.compactMap(\.memoryUsedBytes))
        record.powerW = SampledMetric(name: "power_w", values: readings.compactMap(\.powerW))
        record.utilization = SampledMetric(name: "utilization", values: readings.compactMap(\.utilization))
        return record
    }
}
