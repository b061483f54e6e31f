internal import ISRFKit

/// What `isrf evaluate` prints for people.
struct EvaluationText {
    let text: String

    init(_ run: EvaluationRun) {
        text = [
            EvaluationText.protocolLines(run.report), run.report.table(), EvaluationText.popularity(run.results),
            "Weights of the views, learned on validation: \(EvaluationText.weights(run.recommender.weights)).\n"
                + "Epochs: the best of \(run.recommender.training.epochs.count) was "
                + "\(run.recommender.training.bestEpoch). Greatest memory: "
                + "\(Wording.bytes(run.report.systems.map(\.peakMemoryBytes).max() ?? 0)).",
        ].joined(separator: "\n\n")
    }

    private static func protocolLines(_ report: EvaluationReport) -> String {
        let (size, how) = (report.dataset, report.protocol)
        return """
            \(Wording.count(size.users, "user")), \(Wording.count(size.items, "item")), \
            \(Wording.count(size.interactions, "interaction")). Seed \(how.seed), \(Wording.count(how.threads, "thread")).
            Split: \(how.split). Candidates: \(how.candidates). Ties: \(how.ties). Fitted on \(how.fittedOn).
            """
    }

    private static func popularity(_ results: [EvaluationResult]) -> String {
        var table = TextTable(
            [.left, .left, .right, .right, .right, .right],
            header: ["split", "items", "number", "cases", "hr@10", "ndcg@10"])
        for result in results {
            for bucket in result.popularity {
                table.add([
                    result.part.rawValue, bucket.name, String(bucket.items), String(bucket.cases),
                    decimal(bucket.hitRate10, 4), decimal(bucket.ndcg10, 4),
                ])
            }
        }
        return "isrf by popularity of the held-out item; head, middle and tail have a third of the training "
            + "interactions each:\n" + table.text(indent: "  ")
    }

    /// The weight of each view, with the scale of those that have one.
    static func weights(_ weights: ScoreWeights) -> String {
        ScoreView.allCases.compactMap { view in
            weights.terms[view].map { term in
                "\(view.rawValue) \(decimal(Double(term.weight), 2))"
                    + (view.isGenerative ? "" : " (scale \(decimal(Double(term.scale), 3)))")
            }
        }.joined(separator: ", ")
    }
}
