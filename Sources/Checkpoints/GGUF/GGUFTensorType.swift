/// Numbers of ggml's tensor types in a file, with the spelling people know.
enum GGUFTensorType {
    /// The type of number `raw`; nil when it is unknown or not readable here.
    static func storedType(_ raw: UInt32) -> StoredType? {
        switch raw {
        case 0: .f32
        case 1: .f16
        case 2: .q4_0
        case 3: .q4_1
        case 6: .q5_0
        case 7: .q5_1
        case 8: .q8_0
        case 12: .q4_K
        case 13: .q5_K
        case 14: .q6_K
        case 30: .bf16
        default: nil
        }
    }

    static func name(_ raw: UInt32) -> String {
        if let type = storedType(raw) { return type.rawValue.uppercased() }
        let others: [UInt32: String] = [
            9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
            20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
            29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
        ]
        return others[raw] ?? "number \(raw)"
    }
}
