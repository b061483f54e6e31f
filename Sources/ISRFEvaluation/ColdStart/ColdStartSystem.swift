public import ISRFCore

/// A recommender that can rank items that nobody has taken, by what they are.
public protocol ColdStartSystem: Sendable {
    /// The name in reports.
    var name: String { get }

    /// Learns from the data without its cold items, and is then given those.
    /// - Returns: A system that scores `data.itemCount` items: those of `data.catalogue`, then `data.coldItems`.
    func fittedForColdStart(
        to data: ColdStartData, parallelism: Parallelism
    ) async throws -> any RankingSystem
}
