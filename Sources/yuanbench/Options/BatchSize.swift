import ArgumentParser

/// How many sequences share a step: a number, or what fits into the free memory.
enum BatchSize: ExpressibleByArgument, Equatable {
    case auto
    case fixed(Int)

    init?(argument: String) {
        if argument == "auto" {
            self = .auto
        } else if let number = Int(argument), (1...1_000_000).contains(number) {
            self = .fixed(number)
        } else {
            return nil
        }
    }

    /// nil for `auto`.
    var number: Int? {
        if case .fixed(let number) = self { return number }
        return nil
    }

    var defaultValueDescription: String {
        switch self {
        case .auto: "auto"
        case .fixed(let number): "\(number)"
        }
    }
}
