import Testing

@testable import Execution

@Suite struct AlteredTestsTests {
    @Test(arguments: [
        ("assert f(1) == 5", "assert f(1) == 6"),
        ("assert (f(1) == -9.5), 'no 1'", "assert (f(1) == -8.5), 'no 1'"),
        ("assert f('a == b') == 'abc'", "assert f('a == b') == 'abbc'"),
        ("assert f() == ''", "assert f() == 'a'"),
        ("assert f() == '\\n'", "assert f() == 'a\\n'"),
        ("assert f() == [None, True, {'x': 0}]", "assert f() == [None, False, {'x': 0}]"),
        ("assert f(\n  1) == (\n  2, 3)  # 4", "assert f(\n  1) == (\n  3, 3)  # 4"),
        (
            "def check(c):\n    x = 1\n    assert c(x) == 2\n\ncheck(f)",
            "def check(c):\n    x = 1\n    assert c(x) == 3\n\ncheck(f)"
        ),
        ("assert f() == 0x10\nassert f() == 0", "assert f() == 0x10\nassert f() == 1"),
    ])
    func changesWhatIsExpected(_ tests: String, _ altered: String) {
        #expect(AlteredTests(of: tests, language: "python")?.count == 1)
        #expect(AlteredTests(of: tests, language: "python")?[0] == altered)
    }

    @Test func oneAssertionAtATime() throws {
        let tests = "assert f(1) == 5\nassert f(2) == x\nassert f(3) == 'a'"
        let altered = try #require(AlteredTests(of: tests, language: "python"))
        #expect(altered.count == 2)
        #expect(altered[0] == tests.replacing("5", with: "6") && altered[1] == tests.replacing("'a'", with: "'aa'"))
        #expect([altered[0], altered[1]].contains(altered.anyOne))
    }

    /// What may not run, what may pass in spite of the change, and what is not understood.
    @Test(arguments: [
        "if x:\n    assert f() == 1", "try:\n    assert f() == 1\nexcept AssertionError: pass",
        "for x in y:\n    assert f() == 1", "def helper():\n    assert f() == 1\n\nhelper()",
        "def check(c):\n    assert c() == 1\n", "with a:\n    assert f() == 1", "if x: y; assert f() == 1",
        "def check(c):\n    return\n    assert c() == 1\ncheck(f)",
        "assert f() == 1 or True", "assert not f() == 1", "assert f() != 1", "assert abs(f() - 1) < 2",
        "assert f() == g(1)",
        "assert f() == [1, 2][1]", "assert f() == 'a' * 0", "assert f() == 'ab'[1]", "assert f() == x",
        "assert f() == 1 == y",
        "assert f() == f'{x}'", "assert f() == 0x10", "assert f() == '",
        "class T:\n    def test_x(s):\n        assert f() == 1",
        "assertEqual(f(), 1)", "# assert f() == 1", "x = '''\nassert f() == 1\n'''", "",
    ])
    func leavesAlone(_ tests: String) { #expect(AlteredTests(of: tests, language: "python") == nil) }

    @Test func otherLanguages() {
        let cpp =
            "}\nint main() {\n    auto candidate = add;\n    assert(candidate((2), (3)) == (std::vector<long>({(long)5})));\n}\n"
        #expect(AlteredTests(of: cpp, language: "cpp")?[0] == cpp.replacing("(long)5", with: "(long)6"))
        #expect(AlteredTests(of: "int main() { if (x) { assert(f() == 1); } }", language: "cpp") == nil)
        #expect(AlteredTests(of: "int main() { assert(f() == 1 || true); }", language: "cpp") == nil)
        let swift =
            "}\n\nfunc ==(a: [(Int, Int)], b: [(Int, Int)]) -> Bool {\n    return a.count == b.count\n}\nassert(add(2, 3) == 5)\n"
        #expect(AlteredTests(of: swift, language: "swift")?[0] == swift.replacing("== 5", with: "== 6"))
        #expect(AlteredTests(of: "assert f 1", language: "sh") == nil)
    }

    /// Whatever a program's tests look like, they are read to their end.
    @Test func endsOnAnything() {
        let pieces = [
            "assert ", "(", ")", "[", "==", "'", "\"", "'''", "\\", "\n", "#", "//", "/*", "1", "x", ":", ";", "é", "{",
            "}",
        ]
        var state: UInt64 = 7
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<24 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            for language in ["python", "cpp", "swift"] { _ = AlteredTests(of: text, language: language) }
        }
    }
}
