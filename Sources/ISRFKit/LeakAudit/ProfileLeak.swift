internal import ISRFCore
internal import ISRFData
internal import ISRFEvaluation
internal import ISRFNumerics
internal import ISRFReasoning

/// Whether profiles and vectors depend on held-out items, and what those would be worth.
public struct ProfileLeak: Sendable, Codable, Hashable {
    /// The number of users.
    public var users: Int
    /// Item profiles or item vectors that change when held-out items do.
    public var changedItems: Int
    /// User profiles or user vectors that change when held-out items do.
    public var changedUsers: Int
    /// What items like the user's profile hit on test items, the profile from training items.
    public var fromTraining: LeakRates
    /// The same with the profile from everything before the test item.
    public var fromEverythingBefore: LeakRates
    /// The same with the profile from the whole history, validation and test item included: the leak.
    public var fromWholeHistory: LeakRates

    /// Whether anything changes.
    public var isFound: Bool { changedItems + changedUsers > 0 }
}

extension LeakAudit {
    func profileLeak(
        _ catalogue: Catalogue, _ log: InteractionLog, _ reasoning: Reasoning
    ) async throws -> ProfileLeak {
        let (original, changed) = (reasoning.original, reasoning.changed)
        func differs(_ first: Matrix, _ second: Matrix, _ row: Int) -> Bool {
            first.columns != second.columns || first.row(row) != second.row(row)
        }
        let items = (0..<catalogue.count).count {
            original.profiles.items[$0] != changed.profiles.items[$0]
                || differs(original.itemVectors, changed.itemVectors, $0)
        }
        let users = (0..<log.userCount).count {
            original.profiles.users[$0] != changed.profiles.users[$0]
                || differs(original.userVectors, changed.userVectors, $0)
        }
        let split = LeaveOneOutSplit(log)
        return ProfileLeak(
            users: log.userCount, changedItems: items, changedUsers: users,
            fromTraining: try await rates(original.userVectors, original.itemVectors, split),
            fromEverythingBefore: try await rates(
                try await vectors(catalogue, log, original) { $0.count < 3 ? $0 : Array($0.dropLast()) },
                original.itemVectors, split),
            fromWholeHistory: try await rates(
                try await vectors(catalogue, log, original) { $0 }, original.itemVectors, split))
    }

    /// What the first stage makes of other parts of the users' histories.
    private func vectors(
        _ catalogue: Catalogue, _ log: InteractionLog, _ reasoned: RecommenderPipeline.Reasoned,
        _ part: ([Int]) -> [Int]
    ) async throws -> Matrix {
        let profiles = try await reasoned.stage.users(
            log.users.identifiers, log.histories.map(part), catalogue, reasoned.profiles.items,
            activity: "Reasoning about longer histories")
        return try await reasoned.encoder.validatedVectors(of: profiles.map { UserDocument.text(for: $0.value) })
    }

    private func rates(_ users: Matrix, _ items: Matrix, _ split: LeaveOneOutSplit) async throws -> LeakRates {
        let system = LikenessSystem(users: users, items: items, parallelism: parallelism)
        return LeakRates(try await Evaluator(parallelism: parallelism).evaluate(system, on: split, part: .test))
    }
}

/// Ranks items by the cosine of what was reasoned about user and item.
private struct LikenessSystem: RankingSystem {
    let name = "likeness of profiles"
    let users: Matrix
    let items: Matrix
    let parallelism: Parallelism

    func scores(for batch: ScoringBatch) async throws -> Matrix {
        users.selectingRows(batch.users).multiplied(by: items, transposeOther: true, on: parallelism)
    }
}
