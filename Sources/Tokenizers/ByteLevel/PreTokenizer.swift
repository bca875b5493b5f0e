import ForeignText

/// How a byte-level tokenizer cuts a text into the words that it merges within.
struct PreTokenizer: Sendable {
    enum Step: Sendable, Equatable {
        /// Numbers on their own, each digit or each run of them.
        case digits(individual: Bool)
        case words(WordScanner)
    }

    var steps: [Step] = []
    /// A space before texts that do not begin with one.
    var addsPrefixSpace = false
    /// Words are merged as bytes written in GPT-2's alphabet; otherwise as characters.
    var isByteLevel = true

    /// The cutting a GGUF names in `tokenizer.ggml.pre`.
    ///
    /// - Throws: `TokenizerError` with the name where it is not known.
    init(ggufName: String?) throws {
        switch ggufName {
        case "gpt-2": steps = [.words(.gpt2)]
        case "llama-bpe", "llama3", "llama-v3": steps = [.words(.llama3(digits: 3))]
        case "qwen2", "deepseek-r1-qwen": steps = [.words(.llama3(digits: 1))]
        case "smollm": steps = [.digits(individual: true), .words(.gpt2)]
        case let name:
            throw TokenizerError(
                "tokenizer.ggml.pre: "
                    + (name.map { "the pre-tokenizer \(quoted($0)) is not supported" } ?? "no pre-tokenizer named")
                    + ", expected one of gpt-2, llama-bpe, qwen2, smollm; use a GGUF with one of these")
        }
    }

    /// Reads the `pre_tokenizer` of a `tokenizer.json`.
    init(_ json: JSONValue?, file: String) throws {
        isByteLevel = false
        if let json { try read(json, file: file) }
    }

    private mutating func read(_ json: JSONValue, file: String) throws {
        guard !isByteLevel || steps.isEmpty || json["type"]?.string == "Sequence" else {
            throw TokenizerError("\(file): a pre-tokenizer after ByteLevel is not supported; use another tokenizer")
        }
        switch json["type"]?.string {
        case "Sequence":
            guard let parts = json["pretokenizers"]?.array else {
                throw TokenizerError("\(file): the pre-tokenizer Sequence has no list 'pretokenizers'; give it one")
            }
            for part in parts { try read(part, file: file) }
        case "ByteLevel":
            if json["add_prefix_space"]?.bool ?? true {
                guard steps.isEmpty else {
                    throw TokenizerError(
                        "\(file): ByteLevel with add_prefix_space after another pre-tokenizer is not supported; use "
                            + "another tokenizer")
                }
                addsPrefixSpace = true
            }
            isByteLevel = true
            if json["use_regex"]?.bool ?? true { steps.append(.words(.gpt2)) }
        case "Digits": steps.append(.digits(individual: json["individual_digits"]?.bool ?? false))
        case "Split":
            guard json["behavior"]?.string == "Isolated", json["invert"]?.bool ?? false == false else {
                throw TokenizerError(
                    "\(file): the pre-tokenizer Split with behavior \(quoted(json["behavior"]?.string ?? "")) or "
                        + "invert is not supported, expected Isolated without invert; use another tokenizer")
            }
            let pattern = json["pattern"]?["Regex"]?.string
            guard let pattern, let scanner = WordScanner(pattern: pattern) else {
                throw TokenizerError(
                    "\(file): the pre-tokenizer Split has the unknown pattern \(quoted(pattern ?? "(no Regex)")), "
                        + "expected that of GPT-2, Llama 3 or Qwen2; use another tokenizer")
            }
            steps.append(.words(scanner))
        case let type:
            throw TokenizerError(
                "\(file): the pre-tokenizer \(quoted(type ?? "(no type)")) is not supported, expected ByteLevel, "
                    + "Split, Digits or Sequence; use another tokenizer")
        }
    }

    /// The words of `text` in order.
    func words(_ text: [Unicode.Scalar]) -> [Range<Int>] {
        var words = text.isEmpty ? [] : [0..<text.count]
        for step in steps {
            switch step {
            case .digits(let individual): words = words.flatMap { Self.digits(text, $0, individual: individual) }
            case .words(let scanner): words = words.flatMap { scanner.words(text, $0) }
            }
        }
        return words
    }

    private static func digits(_ text: [Unicode.Scalar], _ range: Range<Int>, individual: Bool) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var begin = range.lowerBound
        var wasNumber = false
        for position in range {
            let isNumber = CharacterClass(text[position]) == .number
            if position > begin, isNumber != wasNumber || (isNumber && individual) {
                parts.append(begin..<position)
                begin = position
            }
            wasNumber = isNumber
        }
        parts.append(begin..<range.upperBound)
        return parts
    }
}
