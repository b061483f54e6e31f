internal import ISRFCore
internal import ISRFData
internal import ISRFNumerics
internal import ISRFReasoning
internal import ISRFUserGraph

extension OptimizationRequest {
    /// Checks that the parts of the request fit together, so that an optimiser may index them freely.
    /// - Throws: `ISRFError` (`invalidData`, `invalidConfiguration`) that names the first part that does not fit.
    public func validate() throws {
        if let epochs, epochs < 1 {
            throw ISRFError(
                .invalidConfiguration, "Training was asked for \(epochs) epochs; at least 1 is needed.",
                at: .init(field: "epochs"))
        }
        let (users, items) = (training.userCount, training.itemCount)
        try check("itemVectors", itemVectors.rows, items, "items")
        try check("statistics", statistics.vocabulary.itemCount, items, "items")
        try check("userVectors", userVectors.rows, users, "users")
        try check("userGraph", userGraph.neighbours.count, users, "users")
        if let earlierUserVectors { try check("earlierUserVectors", earlierUserVectors.rows, users, "users") }
        if let earlierUserGraph { try check("earlierUserGraph", earlierUserGraph.neighbours.count, users, "users") }
        for (name, graph) in [("userGraph", userGraph), ("earlierUserGraph", earlierUserGraph)] {
            let member = graph?.neighbours.joined().first { $0.user < 0 || $0.user >= users }
            if let member { throw outOfRange(name, "user", member.user, users) }
        }
        for entry in validation {
            guard entry.user >= 0, entry.user < users else { throw outOfRange("validation", "user", entry.user, users) }
            for item in entry.history + [entry.target] where item < 0 || item >= items {
                throw outOfRange("validation", "item", item, items)
            }
        }
        for (name, vectors) in [("itemVectors", itemVectors), ("userVectors", userVectors)] where !vectors.isFinite {
            throw ISRFError(
                .invalidData, "The request's \(name) hold a number that is not finite.", at: .init(field: name))
        }
    }

    private func check(_ name: String, _ count: Int, _ expected: Int, _ what: String) throws {
        guard count != expected else { return }
        throw ISRFError(
            .invalidData,
            "The request's \(name) are about \(count) \(what); the training log has \(expected). "
                + "Make both from the same catalogue and log.",
            at: .init(field: name))
    }

    private func outOfRange(_ name: String, _ what: String, _ index: Int, _ count: Int) -> ISRFError {
        ISRFError(
            .invalidData, "The request's \(name) names the \(what) \(index); the training log has \(count) of them.",
            at: .init(field: name))
    }
}
