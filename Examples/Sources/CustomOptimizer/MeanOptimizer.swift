import ISRFKit

/// Recommends what is like the mean of the history's items and of the group's: nothing is trained.
struct MeanOptimizer: IterativeOptimizer {
    func optimize(_ request: OptimizationRequest) async throws -> OptimizationResult {
        try Task.checkCancellation()
        let epochs = request.epochs ?? 1
        return OptimizationResult(
            model: MeanModel(items: request.itemVectors, users: request.userVectors), userGraph: request.userGraph,
            epochs: (1...epochs).map { EpochRecord(epoch: $0, losses: [:], validationNDCG10: nil, seconds: 0) },
            bestEpoch: epochs)
    }
}

/// The model that comes of it: vectors of items and of users of the training log, in one space.
struct MeanModel: GenerativeModel {
    var items: Matrix
    var users: Matrix

    var itemVectors: Matrix { items }

    func generate(_ request: GenerationRequest) throws -> GenerationResponse {
        GenerationResponse(queries: [
            .individual: try individualVectors(histories: request.histories),
            .group: mean(of: users, request.groups.map { $0.map { ($0.user, $0.weight) } }),
        ])
    }

    func individualVectors(histories: [[Int]]) throws -> Matrix {
        mean(of: items, histories.map { $0.map { ($0, 1) } })
    }

    func addingItems(textVectors: Matrix) throws -> any GenerativeModel {
        MeanModel(items: items.appendingRows(of: textVectors), users: users)
    }

    func state() -> [String: Matrix] { ["items": items, "users": users] }

    init(items: Matrix, users: Matrix) {
        self.items = items
        self.users = users
    }

    /// Restores the model from what a model directory holds.
    init(state: [String: Matrix]) throws {
        guard let items = state["items"], let users = state["users"] else {
            throw ISRFError(.invalidModel, "The mean model needs the tensors \"items\" and \"users\".")
        }
        self.init(items: items, users: users)
    }

    private func mean(of vectors: Matrix, _ members: [[(Int, Float)]]) -> Matrix {
        var sums = Matrix(rows: members.count, columns: vectors.columns)
        for (row, list) in members.enumerated() {
            for (index, weight) in list {
                for column in 0..<sums.columns { sums[row, column] += weight * vectors[index, column] }
            }
            // Items of which nothing is known must not leave a history without a direction.
            if !list.isEmpty, sums.row(row).allSatisfy({ $0 == 0 }) { sums[row, 0] = 1 }
        }
        return sums.normalizedRows()
    }
}
