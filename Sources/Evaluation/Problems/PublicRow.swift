import Foundation

/// Rows of well-known public sets.
enum PublicRow {
    /// `{task_id, prompt, entry_point, canonical_solution, test}`; program = prompt + body + "\n" + test +
    /// "\ncheck(entry_point)". HumanEval+ in its OriginFmt file has the same columns.
    static func humanEval(_ row: inout ObjectReader) throws(EvaluationError) -> Problem {
        let id = try row.string("task_id")
        let prompt = try row.string("prompt")
        let entryPoint = try row.string("entry_point")
        // A set may come without solutions; then nothing proves its tests, and nothing finds out how they can be judged.
        let solution = try row.optionalString("canonical_solution").map { prompt + $0 } ?? ""
        let check = try row.string("test") + "\ncheck(\(entryPoint))"
        return Problem(
            id: id, fields: ["id": id, "prompt": prompt, "entry_point": entryPoint, "solution": solution],
            content: .pythonTests(
                PythonProblem(prefix: prompt, entryPoint: entryPoint, solution: solution, setup: "", tests: [check])),
            digest: [], line: 0)
    }

    /// `{task_id, text or prompt, code, test_list, test_setup_code or test_imports}`, CRLF line ends; answers are whole
    /// programs, run as code, set-up, tests. MBPP+ rows have a `test` that stands for the list.
    static func mbpp(_ row: inout ObjectReader) throws(EvaluationError) -> Problem {
        let number = try row.stringOrNumber("task_id")
        let bare = number.hasPrefix("Mbpp/") ? String(number.dropFirst(5)) : number
        let id = "Mbpp/\(bare)"
        let own = try row.optionalString("text")
        let sanitised = try row.optionalString("prompt")
        guard let text = own ?? sanitised else {
            throw row.wrong("text", "a string (or \"prompt\", in the sanitised file)")
        }
        let code = unixLines(try row.string("code"))
        let list = try row.strings("test_list").map(unixLines)
        guard let first = list.first else { throw row.wrong("test_list", "a list of at least one assertion") }
        let setup = try row.optionalString("test_setup_code") ?? ""
        let imports = try row.optionalStrings("test_imports") ?? []
        let tests = try row.optionalString("test").map { [unixLines($0)] } ?? list
        let instruction = unixLines(text).trimmingCharacters(in: .whitespacesAndNewlines)
        return Problem(
            id: id, aliases: [bare],
            fields: [
                "id": id, "prompt": instruction, "text": instruction, "solution": code,
                "tests": list.joined(separator: "\n"), "first_test": first,
            ],
            content: .pythonTests(
                PythonProblem(
                    prefix: "", entryPoint: functionName(calledBy: first, definedIn: code), solution: code,
                    setup: ([unixLines(setup)] + imports).filter { !$0.isEmpty }.joined(separator: "\n"), tests: tests)),
            digest: [], line: 0)
    }

    /// `{name, language, prompt, tests, stop_tokens}` of MultiPL-E; program = prompt + completion + "\n" + tests. The prompt
    /// ends with the head of the function, which the tests close in languages with braces. There are no solutions.
    static func multiplE(_ row: inout ObjectReader) throws(EvaluationError) -> Problem {
        let id = try row.string("name")
        let prompt = try row.string("prompt")
        let language = try row.string("language")
        let head = prompt.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) } ?? ""
        let isPart = { (c: Character) in c.isLetter || c.isNumber || c == "_" }
        let before = head.prefix { $0 != "(" }.reversed().drop { !isPart($0) }
        let entryPoint = String(before.prefix(while: isPart).reversed())
        guard !entryPoint.isEmpty else { throw row.wrong("prompt", "a text that ends with the head of a function") }
        var problem = Problem(
            id: id, fields: ["id": id, "prompt": prompt, "language": language, "entry_point": entryPoint],
            content: .pythonTests(
                PythonProblem(
                    language: language, prefix: prompt, entryPoint: entryPoint, solution: "", setup: "",
                    tests: [try row.string("tests")])),
            digest: [], line: 0)
        problem.stop = try row.optionalStrings("stop_tokens")
        return problem
    }

    /// `{question, answer}`; the reference follows "#### " in the answer.
    static func gsm8k(_ row: inout ObjectReader, index: Int) throws(EvaluationError) -> Problem {
        let id = "gsm8k/\(index)"
        let question = try row.string("question")
        let answer = try row.string("answer")
        guard answer.contains("#### ") else { throw row.wrong("answer", "a text with its result after \"#### \"") }
        return Problem(
            id: id, fields: ["id": id, "prompt": question, "answer": answer], content: .exactMatch(answer: answer),
            digest: [], line: 0)
    }

    /// `{id, code, input, output}`; the output of `f(input)` is to be predicted.
    static func cruxEval(_ row: inout ObjectReader) throws(EvaluationError) -> Problem {
        let id = try row.string("id")
        let code = try row.string("code")
        let input = try row.string("input")
        let output = try row.string("output")
        return Problem(
            id: id,
            fields: [
                "id": id, "prompt": "\(code)\n\nf(\(input))", "code": code, "input": input, "answer": output,
            ],
            content: .exactMatch(answer: output), digest: [], line: 0)
    }

    private static func unixLines(_ text: String) -> String { text.replacing("\r\n", with: "\n") }

    /// The function the reference defines and the test calls; nil if none does both.
    private static func functionName(calledBy test: String, definedIn code: String) -> String? {
        code.split(separator: "\n").lazy
            .filter { $0.hasPrefix("def ") }
            .map { String($0.dropFirst(4).prefix { $0.isLetter || $0.isNumber || $0 == "_" }) }
            .first { !$0.isEmpty && test.contains("\($0)(") }
    }
}
