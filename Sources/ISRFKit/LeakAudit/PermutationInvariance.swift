internal import ISRFCore
public import ISRFData
public import ISRFEvaluation

/// Whether a system's metrics move when identifiers and order of users and items are drawn anew.
public struct PermutationInvariance: Sendable, Codable, Hashable {
    /// The system's name.
    public var system: String
    /// The test metrics on the data as they are, by name.
    public var original: [String: Double]
    /// The test metrics on the permuted data.
    public var permuted: [String: Double]
    /// Users whose test item is among the first ten on the permuted data only.
    public var gained: Int
    /// Users whose test item is among the first ten on the original data only.
    public var lost: Int

    /// `(gained - lost) / sqrt(gained + lost)`: about standard normal when nothing but chance moves (McNemar's test).
    public var zScore: Double {
        gained + lost == 0 ? 0 : Double(gained - lost) / Double(gained + lost).squareRoot()
    }

    /// Whether the metrics moved by more than the noise of a new seed: more than four standard deviations.
    public var isFound: Bool { abs(zScore) > 4 }
}

extension LeakAudit {
    /// Fits and evaluates a system on the data and on the same data with new identifiers and another order of users and
    /// items.
    /// - Throws: `ISRFError` (`invalidData`) when no user has three interactions or the log belongs to another catalogue;
    ///   what the system throws; `CancellationError`.
    public func invariance(
        of system: any TrainableSystem, catalogue: Catalogue, log: InteractionLog
    ) async throws -> PermutationInvariance {
        try await invariance(catalogue, log) { _ in system }
    }

    func invariance(
        _ catalogue: Catalogue, _ log: InteractionLog, _ make: (InteractionLog) -> any TrainableSystem
    ) async throws -> PermutationInvariance {
        try check(catalogue, log)
        let permutation = try Permutation(catalogue, log, seed: seed)
        let system = make(log)
        let original = try await evaluate(system, catalogue, log)
        let permuted = try await evaluate(make(permutation.log), permutation.catalogue, permutation.log)
        func hits(_ result: EvaluationResult, _ log: InteractionLog) -> [Int: Bool] {
            let users = LeaveOneOutSplit(log).cases(.test).map(\.user)
            return Dictionary(uniqueKeysWithValues: zip(users, result.ranks.map { $0 < 10 }))
        }
        let (before, after) = (hits(original, log), hits(permuted, permutation.log))
        var gained = 0
        var lost = 0
        for (user, hit) in before {
            let hitAfter = after[permutation.users[user]] ?? false
            if hitAfter, !hit { gained += 1 }
            if hit, !hitAfter { lost += 1 }
        }
        return PermutationInvariance(
            system: system.name, original: original.metrics, permuted: permuted.metrics, gained: gained, lost: lost)
    }

    private func evaluate(
        _ system: any TrainableSystem, _ catalogue: Catalogue, _ log: InteractionLog
    ) async throws -> EvaluationResult {
        let split = LeaveOneOutSplit(log)
        let fitted = try await system.fitted(to: split, catalogue: catalogue, parallelism: parallelism)
        return try await Evaluator(parallelism: parallelism, progress: progress)
            .evaluate(fitted, on: split, part: .test)
    }
}

/// The same data under other names and in another order.
private struct Permutation {
    let catalogue: Catalogue
    let log: InteractionLog
    /// Where each user went.
    let users: [Int]

    init(_ catalogue: Catalogue, _ log: InteractionLog, seed: UInt64) throws {
        var random = SeededRandom(seed: seed, stream: 14)
        let items = Permutation.places(catalogue.count, &random)
        let users = Permutation.places(log.userCount, &random)
        let itemNames = Permutation.places(catalogue.count, &random)
        let userNames = Permutation.places(log.userCount, &random)
        var renamed = catalogue.items
        for (index, item) in catalogue.items.enumerated() {
            renamed[items[index]] = item
            renamed[items[index]].id = "item-\(itemNames[index])"
        }
        var histories = log.histories
        var names = log.users.identifiers
        for (index, history) in log.histories.enumerated() {
            histories[users[index]] = history.map { items[$0] }
            names[users[index]] = "user-\(userNames[index])"
        }
        self.catalogue = try Catalogue(items: renamed)
        self.log = try InteractionLog(
            users: IdentifierMap(names), histories: histories, itemCount: catalogue.count)
        self.users = users
    }

    private static func places(_ count: Int, _ random: inout SeededRandom) -> [Int] {
        Array(0..<count).shuffled(using: &random)
    }
}
