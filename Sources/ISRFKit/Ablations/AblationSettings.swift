internal import Foundation
internal import ISRFCore
internal import ISRFData
internal import ISRFOptimization

/// All that decides what one system and seed come to, apart from the program itself.
struct AblationSettings: Sendable, Codable, Hashable {
    /// What training reads: systems that agree in it share one fit.
    struct Fit: Sendable, Codable, Hashable {
        var configuration: ISRFConfiguration
        var trainsViewsTogether: Bool
        var reasoner: String
        var encoder: String
        /// SHA-256 over items and histories.
        var data: String
    }

    var name: String
    var fit: Fit
    var removedViews: [ScoreView]
    var gates: Bool

    init(_ ablation: Ablation, pipeline: RecommenderPipeline, data: String) {
        name = ablation.name
        fit = Fit(
            configuration: pipeline.configuration, trainsViewsTogether: ablation.trainsViewsTogether,
            reasoner: StageName.of(pipeline.reasoner), encoder: StageName.of(pipeline.encoder), data: data)
        removedViews = ScoreView.allCases.filter { ablation.removedViews.contains($0) }
        gates = ablation.gates
    }

    /// The SHA-256 of everything but the name and the threads, which move results by rounding alone.
    func fingerprint() throws -> String {
        var same = self
        same.name = ""
        same.fit.configuration.threads = 0
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Checksum.sha256(try encoder.encode(same))
    }

    /// SHA-256 over items, their order, and every user's history.
    static func digest(of catalogue: Catalogue, _ log: InteractionLog) -> String {
        var bytes = Data(catalogue.digest().utf8)
        func add(_ text: String) {
            bytes.append(contentsOf: "\(text.utf8.count);".utf8)
            bytes.append(contentsOf: text.utf8)
        }
        for item in catalogue.items { add(item.id) }
        for (user, history) in log.histories.enumerated() {
            add(log.users[user])
            add(history.map(String.init).joined(separator: ","))
        }
        return Checksum.sha256(bytes)
    }
}
