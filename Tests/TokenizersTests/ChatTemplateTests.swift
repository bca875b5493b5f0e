import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite struct ChatTemplateTests {
    private struct Cases: Decodable {
        struct Case: Decodable {
            var source: Int
            var messages: [[String]]
            var addGenerationPrompt: Bool
            var expected: String

            enum CodingKeys: String, CodingKey {
                case source, messages, expected
                case addGenerationPrompt = "add_generation_prompt"
            }
        }

        var variables: [String: String]
        var sources: [String]
        var cases: [Case]
    }

    /// What Jinja itself renders (see `make_fixtures.py`).
    @Test func rendersAsJinjaDoes() throws {
        let cases = try JSONDecoder().decode(
            Cases.self, from: Data(contentsOf: Fixtures.url("tokenizers/templates.json")))
        #expect(cases.cases.count > 70)
        for item in cases.cases {
            let source = cases.sources[item.source]
            do {
                let rendered = try ChatTemplate(source: source).render(
                    messages: item.messages.map { (role: $0[0], content: $0[1]) },
                    addGenerationPrompt: item.addGenerationPrompt, variables: cases.variables)
                #expect(sameBytes(rendered, item.expected), "\(source)\n\(rendered.debugDescription)")
            } catch {
                Issue.record("\(error) in \(source)")
            }
        }
    }

    private func render(_ source: String, _ messages: [(role: String, content: String)] = []) -> String {
        do {
            return try ChatTemplate(source: source).render(
                messages: messages, addGenerationPrompt: true, variables: [:])
        } catch { return "error: \(error)" }
    }

    @Test(arguments: [
        (
            "{% for i in range(10**9) %}{% for j in range(10**9) %}x{% endfor %}{% endfor %}",
            "template step limit exceeded"
        ),
        (
            "{% for i in range(999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}",
            "template step limit exceeded"
        ),
        ("{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}", "limit"),
        ("{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "limit"),
        (
            "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}",
            "limit"
        ),
        (
            "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
            "limit"
        ),
        ("{{ 'x' * 10**12 }}", "limit"), ("{{ 'xxxx' * 9223372036854775807 }}", "limit"),
        ("{{ 10 ** 99 }}", "out of range"),
        ("{{ 9223372036854775807 + 1 }}", "out of range"), ("{{ 1 // 0 }}", "division by zero"),
        ("{{ 1 % 0 }}", "division by zero"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "attribute __class__ not allowed"),
        ("{{ ''['__class__'] }}", "attribute __class__ not allowed"),
        ("{{ x | attr('y') }}", "filter 'attr' is not supported"),
        ("a\n{{ messages[0].nope.more }}", "line 2: 'item 0' is undefined"),
        ("{% include 'x' %}", "statement 'include' is not supported"),
        ("{% macro m() %}{% endmacro %}", "statement 'macro' is not supported"),
        ("{{ strftime_now('%d') }}", "function 'strftime_now' is not supported"),
        ("{{ raise_exception('bad') }}", "refuses this conversation: bad"),
        ("{{ 'a' + 1 }}", "does not apply to a string and a number"),
        ("{{ missing + 'a' }}", "undefined value 'missing'"), ("{{ 1 is wrong }}", "test 'wrong' is not supported"),
        ("{{ ('x ' * 1000001).split() }}", "template step limit exceeded"),
        ("{{ ('x ' * 1000001).split(' ') }}", "template step limit exceeded"),
        ("{{ ('x\n' * 1000001).splitlines() }}", "template step limit exceeded"),
        ("{% if true %}", "never ended, expected endif"), ("{% for i in [1] %}", "never ended, expected endfor"),
        ("{% for i in [1] %}{% else %}", "never ended, expected endfor"),
        ("{% set x %}", "never ended, expected endset"), ("\n\n{{ 'a }}", "line 3"), ("{{ 1 +", "tag without its end"),
        ("{% endif %}", "out of place"),
        ("{{ (1 }}", "unexpected '}'"), ("{{ 1) }}", "unexpected ')'"), ("{# x", "comment without its end"),
        ("{{ a b }}", "expected the end of the tag"),
        ("{{ [1] }}", "writing a list is not supported"), ("{{ loop.index }}", "'loop' is undefined"),
        ("{% set a.b = 1 %}", "namespace"),
        ("{{ 'a'.format(1) }}", "method 'format' of a string is not supported"),
        ("{{ messages.append(1) }}", "method 'append' of a list is not supported"),
        ("{{ '\\q' }}", "escape"), ("{{ 1 ? 2 }}", "unexpected character"),
    ])
    func refusesByName(_ source: String, _ reason: String) {
        let result = render(source)
        #expect(result.hasPrefix("error: chat template, line ") && result.contains(reason), "\(source): \(result)")
    }

    @Test func nestingIsBounded() {
        for source in [
            "{{ " + String(repeating: "(", count: 12_000) + "1" + String(repeating: ")", count: 12_000) + " }}",
            "{{ " + String(repeating: "not ", count: 12_000) + "1 }}",
            "{{ 1" + String(repeating: " + 1", count: 12_000) + " }}",
            "{{ 1" + String(repeating: " ** 1", count: 12_000) + " }}",
            "{{ a" + String(repeating: "[0]", count: 12_000) + " }}",
            "{{ a" + String(repeating: " | trim", count: 12_000) + " }}",
            String(repeating: "{% if 1 %}", count: 12_000),
            String(repeating: "{% for i in [1] %}", count: 12_000),
        ] {
            let result = render(source)
            #expect(result.hasPrefix("error: chat template, line 1: ") && result.contains("deep"), "\(result)")
        }
        #expect(render(String(repeating: "x", count: 300_000)).contains("bytes"))
    }

    /// Values that hold values are compared, written and freed by recursion, so their depth is bounded where they are made.
    @Test(arguments: [
        ("x=[1]", "{% set ns.x = [ns.x] %}", ""), ("x={}", "{% set ns.x = {'a': ns.x} %}", ""),
        ("x=[1]", "{% set ns.x = [ns.x] %}", "{{ ns.x == [ns.x] }}"),
        ("x=[1]", "{% set ns.x = (ns.x, ns.x) %}", "{{ ns.x | tojson }}"),
        ("x={}", "{% set ns.x = {'a': ns.x}.items() | list %}", ""),
        ("x=1", "{% for j in [ns.x, 2] %}{% if j == 2 %}{% set ns.x = loop %}{% endif %}{% endfor %}", ""),
    ])
    func nestedValuesAreBounded(_ start: String, _ step: String, _ end: String) {
        let result = render("{% set ns = namespace(\(start)) %}{% for i in range(200000) %}\(step){% endfor %}\(end)")
        #expect(result.hasPrefix("error: chat template, line 1: ") && result.contains("deep"), "\(step): \(result)")
        let shallow = render("{% set ns = namespace(\(start)) %}{% for i in range(30) %}\(step){% endfor %}ok")
        #expect(shallow == "ok")
    }

    @Test func deepestValuesAreUsable() {
        let source = "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = [ns.x] %}{% endfor %}"
        let brackets = (String(repeating: "[", count: 100), String(repeating: "]", count: 100))
        #expect(render(source + "{{ ns.x | tojson }}{{ ns.x == ns.x }}") == "\(brackets.0)1\(brackets.1)True")
    }

    @Test func damagedTemplatesNeverCrash() throws {
        var generator = SplitMix(state: 7)
        let sources = try Self.sources()
        for _ in 0..<4000 {
            let source = Array(sources[generator.below(sources.count)].utf8)
            var bytes = Array(source.prefix(generator.below(source.count) + 1))
            for _ in 0..<generator.below(4) {
                bytes[generator.below(bytes.count)] = source[generator.below(source.count)]
            }
            _ = render(String(decoding: bytes, as: UTF8.self), [("user", "a"), ("assistant", "b")])
        }
    }

    private static func sources() throws -> [String] {
        let json = try TokenizerFile.json(Fixtures.url("tokenizers/templates.json"))
        return try #require(json?["sources"]?.array).compactMap(\.string)
    }

    @Test func readsTheTemplateOfAFolder() throws {
        let folder = Fixtures.url("golden/yuan-tiny")
        let template = try #require(try ChatTemplate.load(folder: folder))
        let variables = try ChatTemplate.variables(folder: folder)
        #expect(variables["sep_token"] == "<sep>")
        let messages = [("user", "你好\n"), ("assistant", " 我是源"), ("user", "再见 ")].map { (role: $0.0, content: $0.1) }
        let text = try template.render(messages: messages, addGenerationPrompt: true, variables: variables)
        #expect(text == "你好<n>我是源<n>再见<sep>")

        let other = try TemporaryFolder()
        #expect(try ChatTemplate.load(folder: other.url) == nil)
        try other.write(
            "tokenizer_config.json",
            #"{"chat_template": [{"name": "tool_use", "template": "T"}, {"name": "default", "template": "D"}]}"#)
        #expect(try ChatTemplate.load(folder: other.url)?.source == "D")
        try other.write("chat_template.jinja", "J")
        #expect(try ChatTemplate.load(folder: other.url)?.source == "J")
    }

    /// A long conversation is no reason to hit the limits.
    @Test func longConversationsAreFine() throws {
        let source = try Self.sources()[2]
        let long = String(repeating: "A long message. ", count: 200_000)
        let messages =
            [(role: "system", content: long)]
            + (0..<2000).map { (role: $0 % 2 == 0 ? "user" : "assistant", content: "m\($0)") }
        let text = try ChatTemplate(source: source).render(
            messages: messages, addGenerationPrompt: true, variables: [:])
        #expect(text.hasSuffix("m1999<|im_end|>\n<|im_start|>assistant\n"))
    }
}
