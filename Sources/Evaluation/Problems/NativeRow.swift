import Foundation

/// Rows in the project's own format; `Datasets/README.md` documents them.
enum NativeRow {
    private static let difficulties = ["very easy", "easy", "medium", "hard"]

    static func pythonTests(_ row: inout ObjectReader) throws(EvaluationError) -> Problem {
        let id = try row.string("id")
        let prompt = try row.string("prompt")
        guard prompt.hasSuffix("\n") else { throw row.wrong("prompt", "a string that ends in a newline") }
        let entryPoint = try row.string("entry_point")
        guard isIdentifier(entryPoint) else { throw row.wrong("entry_point", "the name of a Python function") }
        let solution = try row.string("solution")
        guard solution.contains("def \(entryPoint)") || solution.contains("class \(entryPoint)") else {
            throw row.wrong("solution", "a whole program that defines \"\(entryPoint)\"")
        }
        let tests = try row.strings("tests")
        guard !tests.isEmpty else { throw row.wrong("tests", "a list of at least one assertion") }
        var problem = Problem(
            id: id,
            fields: [
                "id": id, "prompt": prompt, "text": try row.string("text"), "entry_point": entryPoint,
                "solution": solution, "tests": tests.joined(separator: "\n"), "first_test": tests[0],
            ],
            content: .pythonTests(
                PythonProblem(
                    prefix: prompt, entryPoint: entryPoint, solution: solution,
                    setup: try row.optionalString("setup") ?? "", tests: tests)),
            digest: [], line: 0)
        try readCommon(&row, into: &problem, translations: ["text_zh", "prompt_zh"])
        return problem
    }

    static func programOutput(_ row: inout ObjectReader) throws(EvaluationError) -> Problem {
        let id = try row.string("id")
        let (prompt, solution) = (try row.string("prompt"), try row.optionalString("solution") ?? "")
        var cases: [ProgramProblem.Case] = []
        for node in try row.optionalArray("cases") ?? [] {
            var reader = try ObjectReader(node, file: row.place.file, path: "cases[\(cases.count)]")
            cases.append(
                ProgramProblem.Case(input: try reader.string("input"), output: try reader.string("output")))
            try reader.finish()
        }
        guard !cases.isEmpty else { throw row.wrong("cases", "a list of at least one {\"input\": …, \"output\": …}") }
        var problem = Problem(
            id: id,
            fields: [
                "id": id, "prompt": prompt, "solution": solution, "first_input": cases[0].input,
                "first_output": cases[0].output,
            ],
            content: .programOutput(ProgramProblem(solution: solution, cases: cases)),
            digest: [], line: 0)
        try readCommon(&row, into: &problem, translations: ["prompt_zh"])
        return problem
    }

    static func exactMatch(_ row: inout ObjectReader) throws(EvaluationError) -> Problem {
        let id = try row.string("id")
        let answer = try row.stringOrNumber("answer")
        var problem = Problem(
            id: id, fields: ["id": id, "prompt": try row.string("prompt"), "answer": answer],
            content: .exactMatch(answer: answer), digest: [], line: 0)
        try readCommon(&row, into: &problem, translations: ["prompt_zh", "answer_zh"])
        return problem
    }

    private static func readCommon(_ row: inout ObjectReader, into problem: inout Problem, translations: [String])
        throws(EvaluationError)
    {
        for key in translations { problem.fields[key] = try row.optionalString(key) }
        problem.tags = try row.optionalStrings("tags") ?? []
        problem.difficulty = try row.optionalString("difficulty")
        if let difficulty = problem.difficulty, !difficulties.contains(difficulty) {
            throw row.wrong("difficulty", "one of \(difficulties.joined(separator: ", "))")
        }
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.first, first.isLetter || first == "_" else { return false }
        return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
}
