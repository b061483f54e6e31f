// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "ISRFKit",
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [
        .library(name: "ISRFKit", targets: ["ISRFKit"]),
        .library(name: "ISRFFiles", targets: ["ISRFFiles"]),
        .library(name: "ISRFKitTesting", targets: ["ISRFKitTesting"]),
        .executable(name: "isrf", targets: ["isrf"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
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
        module("ISRFCore"),
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
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        module(
            "ISRFKit",
            [
                "ISRFCore", "ISRFNumerics", "ISRFData", "ISRFReasoning", "ISRFInteractionGraph", "ISRFUserGraph",
                "ISRFEvaluation", "ISRFOptimization", logging,
                .target(name: "CLibcrypto", condition: .when(platforms: [.linux])),
            ]),
        module("ISRFKitTesting", ["ISRFKit"]),

        // Files and the command
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        module("ISRFFiles", ["ISRFCore", "ISRFData", "CZlib"]),
        .executableTarget(
            name: "isrf",
            dependencies: [
                "ISRFKit", "ISRFFiles", logging, .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.copy("Demo/Data")],
            swiftSettings: settings),

        // Tests
        tests("ISRFNumericsTests", ["ISRFNumerics", "ISRFCore", "CKernels"]),
        tests("ISRFDataTests", ["ISRFData", "ISRFCore"]),
        tests("ISRFFilesTests", ["ISRFFiles", "ISRFData", "ISRFCore", "CZlib"]),
        tests("ISRFReasoningTests", ["ISRFKit", "ISRFKitTesting"]),
        tests("ISRFGraphTests", ["ISRFKit", "ISRFKitTesting"]),
        tests("ISRFEvaluationTests", ["ISRFKit", "ISRFEvaluation", "ISRFKitTesting", "ISRFFiles"]),
        tests("ISRFOptimizationTests", ["ISRFKit", "ISRFKitTesting"]),
        tests("ISRFKitTests", ["ISRFKit", "ISRFKitTesting"]),
        tests("CommandTests", ["ISRFKit", "ISRFKitTesting", "ISRFFiles", "isrf"]),
        tests("DemoTests", ["ISRFKit", "isrf"]),
    ],
    swiftLanguageModes: [.v6]
)
