import Testing

@testable import Tensors

@Suite struct BackendTests {
    @Test func policyIsAFixedTable() {
        let table: [(DType, InstructionSet, Bool)] = [
            (.fp32, .avx512bf16, false), (.fp32, .avx512, false), (.fp32, .avx2, false), (.fp32, .portable, true),
            (.fp16, .avx512, false), (.fp16, .avx512bf16, false),
            (.fp16, .avx2, false), (.fp16, .neon, true), (.bf16, .avx512bf16, false), (.bf16, .avx512, false),
            (.bf16, .avx2, false), (.bf16, .neon, true), (.fp16, .portable, true), (.bf16, .neonbf16, false),
            (.fp16, .neonbf16, true), (.fp32, .neonbf16, true), (.fp32, .neon, true),
        ]
        for (dtype, isa, expected) in table {
            #expect(KernelPolicy.auto.usesOpenBLAS(dtype, isa) == expected, "\(dtype) \(isa)")
            #expect(KernelPolicy.openblas.usesOpenBLAS(dtype, isa))
            #expect(!KernelPolicy.native.usesOpenBLAS(dtype, isa))
        }
    }

    @Test func describesWhatItRunsOn() throws {
        let description = try Backend(dtype: .fp32, threads: 2).description
        #expect(description.threads == 2)
        #expect(description.isa == InstructionSet.detected.name)
        #expect(description.openblasConfig.contains("OpenBLAS"))
        #expect(description.openblasVersion.hasPrefix("0."))
        #expect(!description.openblasCore.isEmpty)
        #expect(try Backend(dtype: .fp32, kernels: .openblas).description.promptProvider == "openblas")
        #expect(try Backend(dtype: .fp32, kernels: .native).description.promptProvider == "native")
    }

    @Test func unusableRequestsAreErrors() throws {
        #expect(throws: TensorError.self) { try Backend(dtype: .fp32, threads: 0) }
        for isa in InstructionSet.allCases where !InstructionSet.available.contains(isa) {
            #expect(throws: TensorError.self) { try Backend(dtype: .fp32, threads: 1, instructionSet: isa) }
        }
    }
}
