/// Numbers of any stored type to fp32. Loops are plain and free of branches so that the compiler vectorises them.
enum Dequantization {
    /// Converts `count` numbers (a multiple of the type's block size) from `source`, which may be unaligned.
    static func convert(
        _ source: UnsafeRawPointer, _ type: StoredType, count: Int, into destination: UnsafeMutablePointer<Float>
    ) {
        switch type {
        case .f32: UnsafeMutableRawPointer(destination).copyMemory(from: source, byteCount: count * 4)
        case .bf16: convertBFloat16(source, count: count, into: destination)
        case .f16: convertFloat16(source, count: count, into: destination)
        case .q8_0: eachBlock(source, type, count, destination, q8Block)
        case .q4_0: eachBlock(source, type, count, destination, q4Block)
        case .q4_1: eachBlock(source, type, count, destination, q4MinimumBlock)
        case .q5_0: eachBlock(source, type, count, destination, q5Block)
        case .q5_1: eachBlock(source, type, count, destination, q5MinimumBlock)
        case .q4_K: eachBlock(source, type, count, destination, q4SuperBlock)
        case .q5_K: eachBlock(source, type, count, destination, q5SuperBlock)
        case .q6_K: eachBlock(source, type, count, destination, q6SuperBlock)
        }
    }

    @inline(__always)
    private static func eachBlock(
        _ source: UnsafeRawPointer, _ type: StoredType, _ count: Int, _ destination: UnsafeMutablePointer<Float>,
        _ body: (UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void
    ) {
        let size = type.blockSize
        let stride = type.bytesPerBlock
        for block in 0..<count / size { body(source + block * stride, destination + block * size) }
    }

    private static func convertBFloat16(
        _ source: UnsafeRawPointer, count: Int, into destination: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count {
            let bits = UInt16(littleEndian: source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
            destination[index] = Float(bitPattern: UInt32(bits) << 16)
        }
    }

    private static func convertFloat16(
        _ source: UnsafeRawPointer, count: Int, into destination: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count { destination[index] = half(source, index * 2) }
    }

    /// The IEEE half at `offset`. By integer shifts and one exact multiplication (2^112 moves the exponent's bias, and
    /// makes subnormals normal), which vectorises; `Float(Float16)` is a library call without F16C.
    @inline(__always)
    static func half(_ source: UnsafeRawPointer, _ offset: Int) -> Float {
        let bits = UInt32(UInt16(littleEndian: source.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        let magnitude = bits & 0x7fff
        let scaled = (Float(bitPattern: magnitude << 13) * Float(bitPattern: 0x7780_0000)).bitPattern
        let special = magnitude >= 0x7c00 ? UInt32(0x7f80_0000) : 0
        return Float(bitPattern: scaled | special | (bits & 0x8000) << 16)
    }

    @inline(__always)
    static func byte(_ source: UnsafeRawPointer, _ offset: Int) -> UInt8 {
        source.load(fromByteOffset: offset, as: UInt8.self)
    }
}
