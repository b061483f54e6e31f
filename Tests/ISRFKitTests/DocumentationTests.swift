import Foundation
import ISRFKit
import ISRFKitTesting
import Testing

@Suite("Documentation")
struct DocumentationTests {
    /// A page of the documentation.
    struct Page: Sendable, CustomTestStringConvertible {
        var file: URL
        var text: String

        var testDescription: String { file.lastPathComponent }

        /// The contents of all blocks that are marked as Swift.
        var code: [String] {
            var blocks: [String] = []
            var block: [Substring]?
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if let lines = block, line.hasPrefix("```") {
                    blocks.append(lines.joined(separator: "\n"))
                    block = nil
                } else if block != nil {
                    block?.append(line)
                } else if line == "```swift" {
                    block = []
                }
            }
            return blocks
        }

        /// The targets of all links outside blocks of code that stay in the repository.
        var links: [String] {
            let prose = text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 0 }
            return prose.flatMap { part in part.element.matches(of: /\]\(([^)]+)\)/).map { String($0.output.1) } }
                .filter { !$0.contains("://") }
        }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let pages: [Page] = {
        let documentation = root.appendingPathComponent("Documentation")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: documentation.path)) ?? []
        let files = names.sorted().map { documentation.appendingPathComponent($0) }
        return ([root.appendingPathComponent("README.md")] + files)
            .filter { $0.pathExtension == "md" }
            .compactMap { file in (try? String(contentsOf: file, encoding: .utf8)).map { Page(file: file, text: $0) } }
    }()

    /// Everything that is built: the examples, and this file.
    static let builtCode: [String] = {
        let examples = root.appendingPathComponent("Examples/Sources")
        let paths = FileManager.default.enumerator(atPath: examples.path)?.compactMap { $0 as? String } ?? []
        return (paths.map { examples.appendingPathComponent($0) } + [URL(fileURLWithPath: #filePath)])
            .filter { $0.pathExtension == "swift" }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
            .map(plain)
    }()

    /// Lines without indentation, empty ones left out.
    static func plain(_ code: String) -> String {
        code.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            .map { $0 + "\n" }.joined()
    }

    @Test("There are pages with code, and code that is built")
    func isFound() {
        #expect(DocumentationTests.pages.contains { $0.file.lastPathComponent == "Plugins.md" && !$0.code.isEmpty })
        #expect(DocumentationTests.pages.contains { $0.file.lastPathComponent == "README.md" && !$0.code.isEmpty })
        #expect(DocumentationTests.builtCode.count > 10)
    }

    @Test("Code on a page is code that is built", arguments: pages)
    func codeIsBuilt(_ page: Page) {
        for block in page.code {
            let lines = DocumentationTests.plain(block)
            #expect(
                DocumentationTests.builtCode.contains { $0.contains(lines) },
                "\(page.testDescription) shows code that no example has: \(block)")
        }
    }

    @Test("Links lead to files that exist", arguments: pages)
    func linksLeadSomewhere(_ page: Page) {
        for link in page.links {
            let path = String(link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0])
            let target = page.file.deletingLastPathComponent().appendingPathComponent(path)
            #expect(
                FileManager.default.fileExists(atPath: target.path), "\(page.testDescription) links to \(link)")
        }
    }
}

/// The test that `Documentation/Plugins.md` shows.
@Test func keepsTheContract() async throws {
    try await Conformance.violations(of: EchoingReasoner()).requireNone()
}

/// The code that `Documentation/Vocabularies.md` shows: built, not run.
func decodeNextItems(
    trunk: any GenerativeModel, split: LeaveOneOutSplit, userGraph: UserGraph, history: [Int],
    group: [UserGraph.Neighbour]
) async throws {
    let quantizer = try ResidualQuantizer(fitting: trunk.itemVectors, seed: 1)
    let vocabulary = try SemanticIdentifierVocabulary(quantizer: quantizer, vectors: trunk.itemVectors)
    let result = try await SemanticIdentifierTrainer().train(
        SemanticIdentifierRequest(
            trunk: trunk, vocabulary: vocabulary, quantizer: quantizer, training: split.training, userGraph: userGraph,
            validation: split.cases(.validation)))
    let found = try result.model.recommend(
        GenerationRequest(histories: [history], groups: [group]), count: 10, beamWidth: 50,
        filters: [ItemFilter(denied: Set(history))])
    _ = found
}

/// The code that `Documentation/Evaluation.md` shows: built, not run.
func studyOfRecency(_ data: SampleData) async throws -> AblationReport {
    let noRecency = Ablation(name: "no-recency", summary: "old items count as much as recent ones") {
        $0.views.historyDecay = 1000
        $0.views.transitionDecay = 1000
    }
    let noText = Ablation(name: "no-text", summary: "no view of texts", removing: [.content, .attributes])
    var study = AblationStudy(configuration: .small, ablations: [noRecency, noText])
    study.seeds = [1, 2]
    return try await study.run(catalogue: data.catalogue, split: LeaveOneOutSplit(data.log))
}

/// The code that `Documentation/Tuning.md` shows: built, not run.
func searchForDropout(_ data: SampleData, in directory: URL) async throws -> TuningReport {
    let space = TuningSpace([
        TuningParameter("training.learningRate", from: 5e-4, to: 4e-3, scale: .logarithmic),
        TuningParameter("model.dropout", from: 0.2, to: 0.7),
        TuningParameter("graph.layers", values: [1, 2, 3]),
    ])
    var search = TuningSearch(configuration: .small, space: space)
    search.trials = 40
    search.directory = directory
    return try await search.run(catalogue: data.catalogue, split: LeaveOneOutSplit(data.log))
}
