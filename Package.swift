// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

// A host that turns a trait off neither fetches nor builds what only the trait's products need, as long as every use of
// these packages is guarded.
let languageModels = "LanguageModels"
let command = "Command"

func guarded(_ trait: String, _ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package, condition: .when(traits: [trait]))
}

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

// A target is built again only when one that it names has changed: whoever imports ISRFKit names what it passes on.
let kit: [Target.Dependency] = [
    "ISRFKit", "ISRFCore", "ISRFNumerics", "ISRFData", "ISRFReasoning", "ISRFInteractionGraph", "ISRFUserGraph",
    "ISRFEvaluation", "ISRFOptimization",
]

let package = Package(
    name: "ISRFKit",
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [
        .library(name: "ISRFKit", targets: ["ISRFKit"]),
        .library(name: "ISRFFiles", targets: ["ISRFFiles"]),
        .library(name: "ISRFLanguageModels", targets: ["ISRFLanguageModels"]),
        .library(name: "ISRFKitTesting", targets: ["ISRFKitTesting"]),
        .executable(name: "isrf", targets: ["isrf"]),
    ],
    traits: [
        .trait(
            name: "LanguageModels",
            description: "What the product ISRFLanguageModels needs: an HTTP client, SQLite and metrics."),
        .trait(name: "Command", description: "What the command isrf needs: arguments and YAML."),
        .default(enabledTraits: ["LanguageModels", "Command"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.7.0"),
    ],
    targets: [
        // Numerics
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas"])]),
        .target(
            name: "CLinearAlgebra",
            dependencies: [.target(name: "COpenBLAS", condition: .when(platforms: [.linux]))],
            linkerSettings: [.linkedFramework("Accelerate", .when(platforms: [.macOS, .iOS]))]),
        .target(name: "CKernels"),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        module("ISRFCore", [.target(name: "CLibcrypto", condition: .when(platforms: [.linux]))]),
        module("ISRFNumerics", ["ISRFCore", "CLinearAlgebra", "CKernels"]),

        // The four stages, each above the one before
        module("ISRFData", ["ISRFCore"]),
        module("ISRFReasoning", ["ISRFCore", "ISRFNumerics", "ISRFData"]),
        module("ISRFInteractionGraph", ["ISRFCore", "ISRFNumerics", "ISRFData"]),
        module("ISRFUserGraph", ["ISRFCore", "ISRFNumerics"]),
        module(
            "ISRFEvaluation",
            ["ISRFCore", "ISRFNumerics", "ISRFData", "ISRFReasoning", "ISRFInteractionGraph"]),
        module(
            "ISRFOptimization",
            [
                "ISRFCore", "ISRFNumerics", "ISRFData", "ISRFReasoning", "ISRFInteractionGraph", "ISRFUserGraph",
                "ISRFEvaluation", logging,
            ]),

        // What hosts import
        module(
            "ISRFKit",
            [
                "ISRFCore", "ISRFNumerics", "ISRFData", "ISRFReasoning", "ISRFInteractionGraph", "ISRFUserGraph",
                "ISRFEvaluation", "ISRFOptimization", logging,
            ]),
        module("ISRFKitTesting", kit),

        // Language models behind an HTTP interface
        module(
            "ISRFLanguageModels",
            [
                "ISRFCore", "ISRFNumerics", "ISRFData", "ISRFReasoning", logging,
                guarded(languageModels, "AsyncHTTPClient", "async-http-client"),
                guarded(languageModels, "NIOCore", "swift-nio"),
                guarded(languageModels, "NIOHTTP1", "swift-nio"),
                guarded(languageModels, "NIOSSL", "swift-nio-ssl"),
                guarded(languageModels, "GRDB", "GRDB.swift"),
                guarded(languageModels, "Metrics", "swift-metrics"),
            ]),

        // Files and the command
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        module("ISRFFiles", ["ISRFCore", "ISRFData", "CZlib"]),
        .executableTarget(
            name: "isrf",
            dependencies: kit + [
                "ISRFFiles", "ISRFLanguageModels", logging,
                guarded(command, "ArgumentParser", "swift-argument-parser"),
                guarded(command, "Yams", "Yams"),
            ],
            resources: [.copy("Demo/Data")],
            swiftSettings: settings),

        // Tests
        tests("ISRFNumericsTests", ["ISRFNumerics", "ISRFCore", "CKernels"]),
        tests("ISRFDataTests", ["ISRFData", "ISRFCore"]),
        tests("ISRFFilesTests", ["ISRFFiles", "ISRFData", "ISRFCore", "CZlib"]),
        tests("ISRFReasoningTests", kit + ["ISRFKitTesting"]),
        tests("ISRFGraphTests", kit + ["ISRFKitTesting"]),
        tests("ISRFEvaluationTests", kit + ["ISRFKitTesting", "ISRFFiles"]),
        tests("ISRFOptimizationTests", kit + ["ISRFKitTesting"]),
        tests("ISRFKitTests", kit + ["ISRFKitTesting"]),
        .target(
            name: "ScriptedServer",
            dependencies: [
                guarded(languageModels, "NIOCore", "swift-nio"),
                guarded(languageModels, "NIOPosix", "swift-nio"),
                guarded(languageModels, "NIOHTTP1", "swift-nio"),
                guarded(languageModels, "NIOSSL", "swift-nio-ssl"),
            ],
            path: "Tests/ScriptedServer", swiftSettings: settings),
        .executableTarget(
            name: "LanguageModelLoad", dependencies: ["ISRFLanguageModels", "ScriptedServer"],
            path: "Tests/LanguageModelLoad", swiftSettings: settings),
        .executableTarget(
            name: "VocabularyBenchmark", dependencies: kit, path: "Tests/VocabularyBenchmark", swiftSettings: settings),
        .executableTarget(
            name: "ReasoningWorker", dependencies: ["ISRFCore", "ISRFData", "ISRFReasoning", "ISRFLanguageModels"],
            path: "Tests/ReasoningWorker", swiftSettings: settings),
        tests(
            "ISRFLanguageModelsTests",
            kit + [
                "ISRFKitTesting", "ISRFLanguageModels", "ScriptedServer", "ReasoningWorker", logging,
                guarded(languageModels, "MetricsTestKit", "swift-metrics"),
                guarded(languageModels, "GRDB", "GRDB.swift"),
            ]),
        tests("CommandTests", kit + ["ISRFKitTesting", "ISRFFiles", "ScriptedServer", "isrf"]),
        tests("DemoTests", kit + ["isrf"]),
    ],
    swiftLanguageModes: [.v6]
)
