/// Texts and their raw DEFLATE forms, made by Python's zlib.
enum InflateCases {
    static let repetitive = (
        String(repeating: "abcabcabd", count: 400),
        bytes(
            "edc6410d00000804a0aca7f6cfe0cc211b0f529d33111111111111914f59")
    )
    static let words = [
        "xif 111return def freturn \n    1\n    \n    中\n    1xreturn \n    return 1\n    \n    ",
        "if 11return 中\n    def f中1xif return def freturn return return 中if return \n    中x",
        "\n    中return if x1\n    \n    if xdef fx中x1\n    def freturn \n    1if 中return x中中1d",
        "ef freturn 中def f中中if \n    if 1中xdef fdef fif \n    1if \n    if 1return \n    x中1\n",
        "    \n    中xdef fif 中1中中def freturn \n    中if return 1xif 1\n    def f\n    中return ",
        "\n    return def f中1if if if \n    中xxif xreturn 1xif 1if x\n    if def f1if def f\n",
        "    def f中if if 中return \n    111中if 1xif 1if x\n    return \n    1def fif if xif \n",
        "    \n    1def f\n    def freturn if if if 1if def f\n    if return 1x中xif if x1ret",
        "urn 1if 111def freturn 1中return return 1return \n    return 11def fxdef freturn 1",
        "if xdef fdef freturn xxdef fif x中def f中中def f\n    中def f\n    \n    return return ",
        "def f\n    def f\n    1xdef freturn def f中if xif \n    1return xreturn \n    xreturn",
        " 中x\n    中if 中\n    if 1x中1中if \n    xif 中return \n    中if 1def f中中\n    return 中def ",
        "fxxreturn def freturn 1return def fdef f中x\n    if def fxreturn if 1return if 1xi",
        "f \n    x1111中if if return \n    xdef freturn xif 中\n    if x\n    return 中\n    def ",
        "fif \n    return def fif 1\n    def freturn xx1def f1if 1xdef f\n    xdef f中return ",
        "1\n    if def f1中if \n    1if xreturn 中return return xxxif xdef f1def fif if 1def ",
        "fdef fdef fdef freturn def f",
    ].joined()
    static let all: [(String, [UInt8])] = [
        ("", bytes("0300")), ("hello", bytes("010500faff68656c6c6f")),
        ("hello hello hello", bytes("cb48cdc9c957c8409000")), repetitive,
        (
            words,
            bytes(
                [
                    "6d54416e033108bcf715fb05fed4acd44b0f5123cda772ef83fa901a3078c6bb51b4f11a18601882aff330b3e7e3e7f5",
                    "fc3e3e1fe771cef3c7313e16cf78fcfdbef30aec30cfe41780f3ba620277bc1886f52697fe0cc7e556b95187793f3ca0",
                    "591188705f5b59a59be1b510dcd36b62b7f15eb56615dd92c386291e653176e1540eaee4a102dd92f89702a5f3208b3a",
                    "d90860fa9bdf1191dfceea201044bfa89a23d0ea20b34a9c2ddf904a9a3628f1a946dd5aa590e5329b2e5a0b6126bc93",
                    "8958345b2a97816c555b37775acd184864eb876fd133830a43e6b15e380b4f669ba1496ae2bbd9aab265d5b0340a524b",
                    "ed580c656aab70709de01c1f35c355573bc0cd96cabf4401a894b0466a74ecc660ada06dc58513685fd84a5c7c162e57",
                    "a65bd3a3b4d6fae49fd22e8e4c3783b8345aa48bce907b9641a47f5b5c5dd415e77f",
                ].joined())
        ),
    ]

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.count, by: 2).compactMap {
            UInt8(hexadecimal.dropFirst($0).prefix(2), radix: 16)
        }
    }
}
