internal import ISRFCore
internal import ISRFData
internal import ISRFEvaluation
internal import ISRFInteractionGraph
internal import ISRFNumerics

/// Whether the interaction graph holds held-out pairs or depends on them, and what those would be worth.
public struct GraphLeak: Sendable, Codable, Hashable {
    /// Validation and test pairs of users with items that the user did not take in training as well.
    public var heldOutPairs: Int
    /// How many of them are edges of the pipeline's graph.
    public var heldOutPairsInGraph: Int
    /// Users whose edges, and items whose transitions change when held-out items do.
    public var changedNodes: Int
    /// The share of the interactions that a random split trains on.
    public var randomSplitTrainingShare: Double
    /// The share of test pairs that a graph from a random split of the interactions holds, measured on a seeded one.
    public var randomSplitShare: Double
    /// What the linear floor hits on test items.
    public var floor: LeakRates
    /// What the linear floor hits when it puts first what that graph joins to the user beside the history.
    public var floorWithRandomSplit: LeakRates

    /// Whether the pipeline's graph holds a held-out pair or changes with one.
    public var isFound: Bool { heldOutPairsInGraph + changedNodes > 0 }
}

extension LeakAudit {
    func graphLeak(_ catalogue: Catalogue, _ log: InteractionLog, _ reasoning: Reasoning) async throws -> GraphLeak {
        let split = LeaveOneOutSplit(log)
        let graph = try await builtGraph(log, reasoning.original)
        let changed = try await builtGraph(reasoning.changedLog, reasoning.changed)
        var pairs = 0
        var leaked = 0
        for (user, history) in log.histories.enumerated() where history.count >= 3 {
            let edges = Set(graph.interactions.items(ofUser: user))
            let heldOut = Set(history.suffix(2)).subtracting(split.training.histories[user])
            pairs += heldOut.count
            leaked += heldOut.intersection(edges).count
        }
        let changedUsers = (0..<log.userCount).count {
            graph.interactions.items(ofUser: $0) != changed.interactions.items(ofUser: $0)
        }
        let changedItems = (0..<log.itemCount).count {
            transitions(graph, $0) != transitions(changed, $0)
        }
        let floor = try await LinearFloorBaseline().fitted(
            to: split, catalogue: catalogue, parallelism: parallelism)
        let random = randomSplit(split)
        let evaluator = Evaluator(parallelism: parallelism, progress: progress)
        return GraphLeak(
            heldOutPairs: pairs, heldOutPairsInGraph: leaked, changedNodes: changedUsers + changedItems,
            randomSplitTrainingShare: LeakAudit.randomSplitTrainingShare, randomSplitShare: random.share,
            floor: LeakRates(try await evaluator.evaluate(floor, on: split, part: .test)),
            floorWithRandomSplit: LeakRates(
                try await evaluator.evaluate(
                    LeakedPairsSystem(base: floor, pairs: random.pairs), on: split, part: .test)))
    }

    /// The usual eight parts of ten.
    private static let randomSplitTrainingShare = 0.8

    private func builtGraph(
        _ log: InteractionLog, _ reasoned: RecommenderPipeline.Reasoned
    ) async throws -> SemanticInteractionGraph {
        try await auditedPipeline(log).interactionGraph.validatedGraph(
            for: InteractionGraphRequest(
                training: LeaveOneOutSplit(log).training, itemVectors: reasoned.itemVectors, parallelism: parallelism))
    }

    private func transitions(_ graph: SemanticInteractionGraph, _ item: Int) -> [Int32: Float] {
        let matrix = graph.transitions.matrix
        return Dictionary(
            matrix.entries(inRow: item).map { (matrix.columnIndices[$0], matrix.values[$0]) }, uniquingKeysWith: +)
    }

    /// Draws interactions for training without regard to time: the pairs of each user, and the share of test
    /// interactions among them.
    private func randomSplit(_ split: LeaveOneOutSplit) -> (pairs: [[Int]], share: Double) {
        var random = SeededRandom(seed: seed, stream: 13)
        var tests = 0
        var drawn = 0
        let pairs = split.log.histories.map { history in
            let kept = history.indices.filter { _ in
                Double(random.uniform()) < LeakAudit.randomSplitTrainingShare
            }
            if history.count >= 3 {
                tests += 1
                if kept.last == history.count - 1 { drawn += 1 }
            }
            return kept.map { history[$0] }
        }
        return (pairs, Double(drawn) / Double(max(1, tests)))
    }
}

/// Puts what a graph joins to the user before everything else.
private struct LeakedPairsSystem: RankingSystem {
    let base: any RankingSystem
    let pairs: [[Int]]
    var name: String { base.name + " with the pairs of a random split" }

    func scores(for batch: ScoringBatch) async throws -> Matrix {
        var scores = try await base.scores(for: batch)
        for (row, user) in batch.users.enumerated() {
            for item in Set(pairs[user]) { scores[row, item] += 1e6 }
        }
        return scores
    }
}
