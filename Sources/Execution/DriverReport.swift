/// What the driver in the box saw of one run; facts only.
struct DriverReport: Sendable {
    /// Why the watch ended.
    enum Ending: String, Sendable {
        case exited, wall, output, memory, files
    }

    var ending: Ending
    /// Status as `wait` gives it: signal in the low seven bits, exit code in the next byte.
    var status: Int
    var cpuSeconds: Double
    var wallSeconds: Double
    /// What came out of the pipe on which the child tells how the tests went.
    var message: String
    /// Standard output of the candidate, in `compareOutput` mode only.
    var output: String

    /// Nil where a field is missing or malformed.
    init?(_ fields: [String: [UInt8]]) {
        func text(_ name: String) -> String? { fields[name].map { String(decoding: $0, as: UTF8.self) } }
        guard let ending = text("ending").flatMap(Ending.init(rawValue:)),
            let status = text("status").flatMap({ Int($0) }),
            let cpu = text("cpu_us").flatMap({ Double($0) }), let wall = text("wall_us").flatMap({ Double($0) }),
            let message = text("message"), let output = text("output")
        else { return nil }
        self.ending = ending
        self.status = status
        cpuSeconds = cpu / 1e6
        wallSeconds = wall / 1e6
        self.message = message
        self.output = output
    }
}
