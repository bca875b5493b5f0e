import ArgumentParser
import Foundation

/// Options that take several values, separated by commas.
enum Lists {
    /// Whole numbers in `range`, each once, in the order given.
    static func numbers(_ text: String, option: String, in range: ClosedRange<Int>) throws -> [Int] {
        try items(text).reduce(into: []) { found, item in
            guard let number = Int(item), range.contains(number) else {
                throw ValidationError(
                    "--\(option): \"\(item)\" is no number from \(range.lowerBound) to \(range.upperBound); "
                        + "expected some such as 1,8,32.")
            }
            if !found.contains(number) { found.append(number) }
        }
    }

    /// Names of a type's cases, each once, in the order given.
    static func names<Name: RawRepresentable<String> & CaseIterable & Equatable>(
        _ text: String, option: String, of type: Name.Type
    ) throws -> [Name] {
        try items(text).reduce(into: []) { found, item in
            guard let name = Name(rawValue: item) else {
                let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--\(option): unknown \"\(item)\"; expected \(known).")
            }
            if !found.contains(name) { found.append(name) }
        }
    }

    private static func items(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
