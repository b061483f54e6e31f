import Foundation
import ISRFKitTesting
import Testing

@testable import ISRFKit

/// What most tests share: the sample data, and a recommender fitted on it once.
enum Fitted {
    static let data = try? SampleData()
    private static let fitting = Task { () throws -> Recommender in
        let sample = try #require(data)
        return try await RecommenderPipeline(configuration: .small).fit(catalogue: sample.catalogue, log: sample.log)
    }

    static func sample() async throws -> (SampleData, Recommender) {
        (try #require(data), try await fitting.value)
    }
}

/// A directory that is there for the length of a test.
final class Scratch {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("isrf-kit-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// What lies in the directory, hidden files too.
    var contents: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// Expects an error of ISRFKit with words in what it says.
func expectError(
    _ code: ISRFError.Code, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as ISRFError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        for word in words { #expect("\(error)".contains(word), sourceLocation: sourceLocation) }
    } catch {
        Issue.record("thrown was \(error)", sourceLocation: sourceLocation)
    }
}

extension Recommender {
    /// The identifiers of a known user's history.
    func history(of user: String) throws -> [String] {
        log.histories[try log.index(ofUser: user)].map { catalogue[$0].id }
    }

    /// The score of an item as the distance from the catalogue's mean, added up from the parts of all views.
    func score(of item: Int, history: [Int], group: [UserGraph.Neighbour]) throws -> Double {
        let parts = try scorer.parts(history: history, group: group, items: Array(0..<catalogue.count))
        return parts.values.reduce(0.0) { sum, values in
            sum + Double(values[item]) - values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        }
    }
}
