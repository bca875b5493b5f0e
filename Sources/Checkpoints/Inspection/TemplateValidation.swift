import ForeignText

/// A look at a chat template before anything evaluates it: its size, and the names through which templates reach
/// into the interpreter that would run them.
enum TemplateValidation {
    private static let sizeCap = 1 << 20

    /// Throws when a `{{ … }}` or `{% … %}` tag uses a name with two leading underscores, bare or in quotes. No published
    /// template has a use for one.
    static func check(_ template: String, file: String, place: String) throws {
        func fault(_ problem: String, found: String = "") -> CheckpointError {
            CheckpointError(problem, file: file, place: place, found: found, mend: "do not trust this template")
        }
        let bytes = Array(template.utf8)
        guard bytes.count <= sizeCap else {
            throw fault("the chat template is too long, at most \(sizeCap) bytes", found: "\(bytes.count)")
        }
        var index = 0
        var isInTag = false
        while index + 1 < bytes.count {
            let pair = (bytes[index], bytes[index + 1])
            switch pair {
            case (UInt8(ascii: "{"), UInt8(ascii: "{")), (UInt8(ascii: "{"), UInt8(ascii: "%")):
                isInTag = true
                index += 2
            case (UInt8(ascii: "}"), UInt8(ascii: "}")), (UInt8(ascii: "%"), UInt8(ascii: "}")):
                isInTag = false
                index += 2
            case (UInt8(ascii: "_"), UInt8(ascii: "_")) where isInTag && (index == 0 || !isNamePart(bytes[index - 1])):
                let name = bytes[index...].prefix { isNamePart($0) }
                let text = String(decoding: name, as: UTF8.self)
                if text.utf8.contains(where: { $0 != UInt8(ascii: "_") }) {
                    throw fault("attribute \(Escaping.line(text)) not allowed")
                }
                index += name.count
            default: index += 1
            }
        }
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
