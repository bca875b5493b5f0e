// swift-tools-version: 6.1
import PackageDescription

// One straight pipeline; ARCHITECTURE.md has the picture. A target may import only what stands in its list here.
// The commit that `yuanbench --version` names: told by who builds (Scripts/install.sh), so that the same sources and
// the same environment give the same binary.
let commit = Context.environment["YUANBENCH_COMMIT"].map { String($0.filter(\.isHexDigit).prefix(40)) } ?? ""

let package = Package(
    name: "yuanbench",
    products: [.executable(name: "yuanbench", targets: ["yuanbench"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        // What comes with hummingbird and is named by Server.
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.0.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .target(
            name: "CKernels",
            // -O3 in debug builds too, so that tests run fast kernels; no contraction, so that every ISA path
            // rounds exactly where its source says.
            cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno"])]
        ),
        // The embedded model: #embed is C23.
        .target(name: "CNano", cSettings: [.unsafeFlags(["-std=c23"])]),
        .target(name: "Tensors", dependencies: ["CKernels", "COpenBLAS"]),
        // What all readers of files that others wrote share: a strict JSON parser, exact strings, escaping for messages.
        .target(name: "ForeignText"),
        .target(name: "Checkpoints", dependencies: ["ForeignText", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Tokenizers", dependencies: ["ForeignText"]),
        .target(name: "LanguageModels", dependencies: ["Tensors", "Checkpoints"]),
        .target(name: "Generation"),
        .target(
            name: "LocalGeneration",
            dependencies: [
                "Generation", "LanguageModels", "Tokenizers", "Tensors", "Checkpoints", "CNano",
            ]),
        // Engines elsewhere, by the OpenAI protocol: the only target that may import an HTTP client.
        .target(
            name: "RemoteGeneration",
            dependencies: [
                "Generation", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),
        // The same protocol served: knows generators, never the inside of an engine.
        .target(
            name: "Server",
            dependencies: [
                "Generation", "RunRecords", "CPages", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        // The chat page and the page of runs, embedded like the model; report.html shares a part of their script.
        .target(name: "CPages", exclude: ["pages"], cSettings: [.unsafeFlags(["-std=c23"])]),
        .target(name: "RunRecords"),
        .target(name: "CBox"),
        .target(
            name: "Execution", dependencies: ["CBox", .product(name: "Subprocess", package: "swift-subprocess")]),
        .target(
            name: "Evaluation",
            dependencies: [
                "ForeignText", "Generation", "Execution", "RunRecords",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Precision",
            dependencies: ["LocalGeneration", "LanguageModels", "Checkpoints", "Tensors", "RunRecords"]),
        .target(name: "Performance", dependencies: ["Generation", "RunRecords"]),
        .target(
            name: "CBuild", cSettings: [.define("YB_COMMIT", to: commit.isEmpty ? "unknown" : commit)]),
        .target(name: "Hubs", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
        .target(
            name: "Reports", dependencies: ["RunRecords", "CPages", .product(name: "Crypto", package: "swift-crypto")]),
        .executableTarget(
            name: "yuanbench",
            dependencies: [
                "Tensors", "Checkpoints", "Tokenizers", "LanguageModels", "Generation", "LocalGeneration", "RunRecords",
                "Execution", "Evaluation", "Performance", "Precision", "Reports", "Hubs", "CBuild",
                "RemoteGeneration", "Server",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(
            name: "FuzzReaders",
            dependencies: ["Checkpoints", "Tokenizers", "Evaluation", "RunRecords", "Reports", "TestSupport"],
            path: "Fuzzing/Readers"),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzReaders", "TestSupport"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels", "TestSupport"]),
        .testTarget(name: "ForeignTextTests", dependencies: ["ForeignText"]),
        .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints", "TestSupport"]),
        .testTarget(name: "TokenizersTests", dependencies: ["Tokenizers", "TestSupport"]),
        .testTarget(
            name: "LanguageModelsTests", dependencies: ["LanguageModels", "Tensors", "Checkpoints", "TestSupport"]),
        .testTarget(
            name: "LocalGenerationTests",
            dependencies: ["LocalGeneration", "LanguageModels", "Tensors", "Checkpoints", "Tokenizers", "TestSupport"]),
        .testTarget(name: "RunRecordsTests", dependencies: ["RunRecords", "TestSupport"]),
        .testTarget(name: "ExecutionTests", dependencies: ["Execution", "TestSupport"]),
        .testTarget(
            name: "EvaluationTests",
            dependencies: ["Evaluation", "Generation", "Execution", "RunRecords", "TestSupport"]),
        .testTarget(
            name: "PerformanceTests", dependencies: ["Performance", "Generation", "RunRecords", "TestSupport"]),
        .testTarget(
            name: "PrecisionTests",
            dependencies: ["Precision", "LocalGeneration", "Tensors", "RunRecords", "TestSupport"]),
        .testTarget(
            name: "ReportsTests",
            dependencies: ["Reports", "RunRecords", "TestSupport", .product(name: "Crypto", package: "swift-crypto")]),
        .testTarget(name: "HubsTests", dependencies: ["Hubs", "TestSupport"]),
        .testTarget(
            name: "RemoteGenerationTests", dependencies: ["RemoteGeneration", "Generation", "TestSupport"]),
        .testTarget(
            name: "ServerTests",
            dependencies: ["Server", "Generation", "LocalGeneration", "RunRecords", "Tensors", "TestSupport"]),
        .testTarget(name: "CommandTests", dependencies: ["TestSupport", "RunRecords", "yuanbench"]),
    ],
    swiftLanguageModes: [.v6]
)

// Links libFuzzer, which an ordinary build has not got: Scripts/fuzz.sh sets this.
if Context.environment["YUANBENCH_FUZZING"] != nil {
    package.targets.append(
        .executableTarget(name: "fuzz", dependencies: ["FuzzReaders"], path: "Fuzzing/Harness"))
}
