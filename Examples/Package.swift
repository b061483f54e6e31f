// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// A host writes `.package(url: ...)` where this package, which lies inside ISRFKit's, gives a path.
let library: Target.Dependency = .product(name: "ISRFKit", package: "ISRFKit")
let files: Target.Dependency = .product(name: "ISRFFiles", package: "ISRFKit")
let models: Target.Dependency = .product(name: "ISRFLanguageModels", package: "ISRFKit")
let testing: Target.Dependency = .product(name: "ISRFKitTesting", package: "ISRFKit")

func example(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "ISRFKitExamples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "ISRFKit", path: "..")],
    targets: [
        example("MinimalEmbedding", [library]),
        example("FromFiles", [library, files]),
        example("ReadingFiles", [files]),
        example("NewItems", [library, testing]),
        example("CustomReasoner", [library, testing]),
        example("CustomLanguageModel", [library, testing]),
        example("LanguageModelServer", [library, models, testing]),
        example("CustomTextEncoder", [library, testing]),
        example("EncodingTexts", [library]),
        example("CustomInteractionGraph", [library, testing]),
        example("CustomUserGraph", [library, testing]),
        example("CustomOptimizer", [library, testing]),
        example("Measuring", [library, testing]),
    ],
    swiftLanguageModes: [.v6]
)
