import Execution
import Foundation

/// Compares the answer found in a text with the reference, both normalised as the data set says.
struct ExactMatchScorer: Scorer {
    let declaration: ScorerDeclaration

    func score(_ extracted: String, for problem: Problem) async -> Score { judge(extracted, problem) }

    /// The reference, given as an answer: the first rule that finds anything in it must find the reference again. Rules
    /// that look for a marker find nothing in a bare value, and say nothing about it.
    func scoreReference(of problem: Problem) async -> Score {
        guard case .exactMatch(let answer) = problem.content else { return judge("", problem) }
        let reference = normalised(answer)
        if reference.isEmpty { return Score(verdict: .failed, detail: "the reference is empty once normalised") }
        let found =
            declaration.answers.lazy.compactMap { $0.method.find(in: answer) }.first.map(normalised) ?? reference
        if found == reference { return Score(verdict: .passed, detail: "") }
        return Score(
            verdict: .failed,
            detail: "the reference \"\(reference.printable())\" is read back as \"\(found.printable())\"")
    }

    private func judge(_ text: String, _ problem: Problem) -> Score {
        guard case .exactMatch(let answer) = problem.content else {
            return Score(verdict: .infrastructure, detail: "problem \(problem.id) has no reference answer")
        }
        let reference = normalised(answer)
        var scores: [String: Double] = [:]
        var first: String??
        for rule in declaration.answers {
            let found = rule.method.find(in: text).map(normalised)
            if first == nil { first = .some(found) }
            scores[rule.name] = found == reference ? 1 : 0
        }
        if declaration.answers.first.flatMap({ scores[$0.name] }) == 1 {
            return Score(verdict: .passed, detail: "", scores: scores)
        }
        let expected = "expected \"\(reference.printable())\""
        let detail =
            switch first ?? nil {
            case .some(let found): "\(expected), found \"\(found.printable())\""
            case .none: "\(expected), found no answer"
            }
        return Score(verdict: .failed, detail: detail, scores: scores)
    }

    private func normalised(_ text: String) -> String { declaration.normalise.reduce(text) { $1.apply($0) } }
}

extension AnswerRule.Method {
    /// The answer in a text; nil if the rule finds none.
    package func find(in text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        switch self {
        case .whole: return text
        case .firstLine: return lines.first.map(String.init)
        case .lastLine: return lines.last.map(String.init)
        case .lastNumber:
            return RegularExpression.match(#"-?[0-9][0-9,]*(?:\.[0-9]+)?"#, in: text, last: true)
        case .pattern(let pattern, let last): return RegularExpression.match(pattern, in: text, last: last)
        }
    }
}
