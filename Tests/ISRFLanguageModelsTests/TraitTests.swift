import Foundation
import Testing

#if os(Linux) || os(macOS)
private let swiftCommand = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/swift" }.first { FileManager.default.isExecutableFile(atPath: $0) }

/// What a host that uses the library alone has to fetch.
@Suite("Traits", .enabled(if: swiftCommand != nil, "there is no swift on the PATH"))
struct TraitTests {
    private static let languageModels: Set = [
        "async-http-client", "swift-nio", "swift-nio-ssl", "swift-nio-http2", "grdb.swift", "swift-metrics",
    ]
    private static let command: Set = ["swift-argument-parser", "yams"]

    @Test("A host without traits fetches none of the packages that only language models and the command need")
    func noTraits() throws {
        let packages = try dependencies(traits: "[]")
        #expect(packages.contains("swift-log"))
        #expect(packages.isDisjoint(with: Self.languageModels.union(Self.command)), "\(packages)")
    }

    @Test("A host with the command's trait alone fetches what the command needs, and no HTTP client")
    func commandAlone() throws {
        let packages = try dependencies(traits: "[\"Command\"]")
        #expect(packages.isSuperset(of: Self.command))
        #expect(packages.isDisjoint(with: Self.languageModels), "\(packages)")
    }

    @Test(
        "A host with all traits, or that says nothing of them, fetches everything; half a minute each",
        .enabled(
            if: ProcessInfo.processInfo.environment["ISRF_SLOW_TESTS"] != nil,
            "it fetches thirty packages: switched on by ISRF_SLOW_TESTS"),
        arguments: ["[\"Command\", \"LanguageModels\"]", "[.defaults]", "[\"LanguageModels\"]"])
    func others(traits: String) throws {
        let packages = try dependencies(traits: traits)
        #expect(packages.isSuperset(of: Self.languageModels), "\(packages)")
        #expect(packages.isDisjoint(with: Self.command) == (traits == "[\"LanguageModels\"]"), "\(packages)")
    }

    /// The identities of all packages below this one, as a host with these traits sees them.
    /// - Throws: A cancellation of the test where packages cannot be fetched.
    private func dependencies(traits: String) throws -> Set<String> {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let host = FileManager.default.temporaryDirectory.appendingPathComponent("isrf-host-\(UUID())")
        let sources = host.appendingPathComponent("Sources/Host")
        try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: host) }
        let identity = root.lastPathComponent
        try """
        // swift-tools-version: 6.2
        import PackageDescription
        let package = Package(
            name: "Host", platforms: [.macOS(.v15)],
            dependencies: [.package(path: "\(root.path)", traits: \(traits))],
            targets: [.target(name: "Host", dependencies: [.product(name: "ISRFKit", package: "\(identity)")])])
        """.write(to: host.appendingPathComponent("Package.swift"), atomically: true, encoding: .utf8)
        try "import ISRFKit".write(
            to: sources.appendingPathComponent("Host.swift"), atomically: true, encoding: .utf8)
        let result = try run(["package", "show-dependencies", "--format", "json"], in: host)
        guard result.status == 0 else {
            try Test.cancel("The packages cannot be fetched here: \(result.errors.suffix(300))")
        }
        return try identities(of: JSONSerialization.jsonObject(with: result.output))
    }

    private func identities(of package: Any) throws -> Set<String> {
        let object = try #require(package as? [String: Any])
        let below = object["dependencies"] as? [Any] ?? []
        return try below.reduce(into: []) { found, package in
            if let identity = (package as? [String: Any])?["identity"] as? String {
                found.insert(identity.lowercased())
            }
            found.formUnion(try identities(of: package))
        }
    }

    private func run(
        _ arguments: [String], in folder: URL
    ) throws -> (status: Int32, output: Data, errors: String) {
        let process = Process()
        let errors = folder.appendingPathComponent("errors.txt")
        try Data().write(to: errors)
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: try #require(swiftCommand))
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, data, (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }
}
#endif
