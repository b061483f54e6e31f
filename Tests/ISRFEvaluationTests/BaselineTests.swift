import Foundation
import ISRFKit
import Testing

@Suite("Baselines against brute force")
struct BaselineTests {
    @Test("Popularity is the count in training", arguments: [1, 2] as [UInt64])
    func popularity(seed: UInt64) async throws {
        let data = try RandomData(seed: seed)
        let (cases, scores) = try await data.scores(PopularityBaseline())
        let counts = (0..<14).map { item in
            Double(data.training.reduce(0) { $0 + $1.count { $0 == item } })
        }
        expectScores(scores, cases.map { _ in counts })
    }

    @Test("Item-kNN is shrunk cosine over users, the strongest neighbours only", arguments: [2, 5, 200])
    func itemNeighbours(neighbours: Int) async throws {
        let data = try RandomData(seed: 3)
        let (cases, scores) = try await data.scores(ItemNeighbourBaseline(neighbours: neighbours, shrinkage: 5))
        let takers = (0..<14).map { item in
            Set(data.training.indices.filter { data.training[$0].contains(item) })
        }
        func similarity(_ first: Int, _ second: Int) -> Double {
            let both = takers[first].intersection(takers[second]).count
            guard first != second, both > 0 else { return 0 }
            return Double(both) / (Double(takers[first].count * takers[second].count).squareRoot() + 5)
        }
        let kept = (0..<14).map { item in
            Set(
                (0..<14).filter { similarity(item, $0) > 0 }
                    .sorted { (similarity(item, $1), $0) < (similarity(item, $0), $1) }.prefix(neighbours))
        }
        expectScores(
            scores,
            cases.map { entry in
                (0..<14).map { item in
                    entry.history.reduce(0) { $0 + (kept[$1].contains(item) ? similarity($1, item) : 0) }
                }
            })
    }

    @Test("The linear floor is transitions by distance plus attributes by TF-IDF", arguments: [4, 5, 6] as [UInt64])
    func linearFloor(seed: UInt64) async throws {
        let data = try RandomData(seed: seed)
        let (cases, scores) = try await data.scores(LinearFloorBaseline())
        let transitions = FloorByHand.transitions(data.training, items: 14)
        let cosines = FloorByHand.cosines(data.catalogue)
        expectScores(
            scores,
            cases.map { entry in
                (0..<14).map { item in
                    entry.history.enumerated().reduce(0) { sum, place in
                        let recency = exp(-Double(entry.history.count - 1 - place.offset) / 3)
                        return sum + recency
                            * (transitions[place.element][item] + 0.2 * cosines[place.element][item])
                    }
                }
            })
    }

    @Test("One step of matrix factorisation is the gradient of the pair's log-likelihood")
    func matrixFactorization() async throws {
        // One user, one item taken, one left: the only pair is known.
        let split = LeaveOneOutSplit(
            try InteractionLog(users: IdentifierMap(["a"]), histories: [[0]], itemCount: 2))
        let catalogue = try Catalogue(items: [Item(id: "x"), Item(id: "y")])
        func scores(_ epochs: Int) async throws -> [Double] {
            let baseline = MatrixFactorizationBaseline(
                width: 1, epochs: epochs, learningRate: 0.3, regularization: 0.02, seed: 9)
            let fitted = try await baseline.fitted(to: split, catalogue: catalogue, parallelism: .serial)
            return try await fitted.scores(for: ScoringBatch(users: [0], histories: [[]])).row(0).map(Double.init)
        }
        var random = SeededRandom(seed: 9)
        let start = (0..<3).map { _ in Double(random.normal() * 0.1) }
        let (user, taken, other) = (start[0], start[1], start[2])
        let before = try await scores(0)
        #expect(abs(before[0] - user * taken) < 1e-6 && abs(before[1] - user * other) < 1e-6)
        // The slope by finite differences of ln sigmoid(user * (taken - other) + bias - bias).
        func loss(_ user: Double, _ taken: Double, _ other: Double, _ biases: Double) -> Double {
            -log(1 + exp(-(user * (taken - other) + biases)))
        }
        let h = 1e-5
        func slope(_ f: (Double) -> Double) -> Double { (f(h) - f(-h)) / (2 * h) }
        let newUser = user + 0.3 * (slope { loss(user + $0, taken, other, 0) } - 0.02 * user)
        let newTaken = taken + 0.3 * (slope { loss(user, taken + $0, other, 0) } - 0.02 * taken)
        let newOther = other + 0.3 * (slope { loss(user, taken, other + $0, 0) } - 0.02 * other)
        let bias = 0.3 * slope { loss(user, taken, other, $0) }
        let after = try await scores(1)
        #expect(abs(after[0] - (newUser * newTaken + bias)) < 1e-5)
        #expect(abs(after[1] - (newUser * newOther - bias)) < 1e-5)
    }

    @Test("Matrix factorisation puts what was taken above what was not, the same in every run with one seed")
    func matrixFactorizationLearns() async throws {
        let data = try RandomData(seed: 12)
        let baseline = MatrixFactorizationBaseline(width: 16, epochs: 150, seed: 2)
        let (cases, scores) = try await data.scores(baseline)
        #expect(try await data.scores(baseline).scores == scores)
        #expect(try await data.scores(MatrixFactorizationBaseline(width: 16, epochs: 150, seed: 3)).scores != scores)
        var right = 0
        var all = 0
        for (row, entry) in cases.enumerated() {
            let taken = Set(data.training[entry.user])
            for item in taken {
                for other in 0..<14 where !taken.contains(other) {
                    all += 1
                    if scores[row, item] > scores[row, other] { right += 1 }
                }
            }
        }
        #expect(Double(right) > 0.9 * Double(all))
    }

    @Test("Validation and test items have no part in any baseline")
    func trainingOnly() async throws {
        let data = try RandomData(seed: 20)
        let histories = data.split.log.histories.map { history in
            history.count < 3 ? history : history.dropLast(2) + history.suffix(2).map { ($0 + 3) % 14 }
        }
        let changed = LeaveOneOutSplit(
            try InteractionLog(users: data.split.log.users, histories: histories, itemCount: 14))
        let systems: [any TrainableSystem] = [
            PopularityBaseline(), ItemNeighbourBaseline(), LinearFloorBaseline(),
            MatrixFactorizationBaseline(width: 4, epochs: 3),
        ]
        let cases = data.split.cases(.validation)
        let batch = ScoringBatch(users: cases.map(\.user), histories: cases.map(\.history))
        for system in systems {
            let one = try await system.fitted(to: data.split, catalogue: data.catalogue, parallelism: .serial)
            let other = try await system.fitted(to: changed, catalogue: data.catalogue, parallelism: .serial)
            #expect(try await one.scores(for: batch) == other.scores(for: batch), "\(system.name)")
        }
    }
}

/// The linear floor's two parts, computed as they are defined and in double precision.
enum FloorByHand {
    static func transitions(_ training: [[Int]], items: Int) -> [[Double]] {
        var counts = [Double](repeating: 0, count: items)
        var near = [[Double]](repeating: [Double](repeating: 0, count: items), count: items)
        for history in training {
            for item in history { counts[item] += 1 }
            for i in history.indices {
                for j in history.indices where i != j {
                    near[history[i]][history[j]] += (j > i ? 1 : 0.7) / Double(abs(i - j))
                }
            }
        }
        return near.enumerated().map { first, row in
            row.enumerated().map { second, value in
                value / (max(counts[first], 1) * max(counts[second], 1)).squareRoot()
            }
        }
    }

    static func cosines(_ catalogue: Catalogue) -> [[Double]] {
        let tokens = catalogue.items.map { item in
            var tokens: Set<String> = []
            var word = ""
            for character in (item.title ?? "").lowercased() + " " {
                if character.isASCII, character.isLetter || character.isNumber {
                    word.append(character)
                } else if !word.isEmpty {
                    tokens.insert("w:" + word)
                    word = ""
                }
            }
            for level in item.categories.joined() { tokens.insert("c:" + level) }
            if let brand = item.brand, !brand.isEmpty { tokens.insert("b:" + brand.lowercased()) }
            return tokens
        }
        var frequencies: [String: Double] = [:]
        for token in tokens.joined() { frequencies[token, default: 0] += 1 }
        func weight(_ token: String) -> Double {
            log(Double(catalogue.count + 1) / ((frequencies[token] ?? 0) + 1))
        }
        let lengths = tokens.map { $0.reduce(0) { $0 + weight($1) * weight($1) }.squareRoot() }
        return tokens.enumerated().map { first, own in
            tokens.enumerated().map { second, others in
                guard lengths[first] > 0, lengths[second] > 0 else { return 0 }
                return own.intersection(others).reduce(0) { $0 + weight($1) * weight($1) }
                    / (lengths[first] * lengths[second])
            }
        }
    }
}
