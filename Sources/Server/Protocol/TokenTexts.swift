/// Tokens as the protocol names them.
struct TokenTexts: Sendable {
    let bytes: @Sendable (Int) -> [UInt8]?

    /// The token's text; `bytes:\xe4\xbd` where it is part of a character, as OpenAI writes it.
    func text(_ id: Int) -> String {
        guard let bytes = bytes(id) else { return "<token \(id)>" }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let digits = Array("0123456789abcdef")
        return bytes.reduce(into: "bytes:") { $0 += "\\x\(digits[Int($1 >> 4)])\(digits[Int($1 & 15)])" }
    }

    func rawBytes(_ id: Int) -> [Int] { (bytes(id) ?? []).map(Int.init) }
}
