internal import ISRFKit

/// What `isrf evaluate` prints for people.
struct EvaluationText {
    let text: String

    init(_ run: EvaluationRun) {
        var sections = [EvaluationText.protocolLines(run.report.dataset, run.report.protocol), run.report.table()]
        sections += EvaluationText.direct(run.report)
        let breakdown = BreakdownText(run.report).sections
        sections += breakdown.isEmpty ? [EvaluationText.popularity(run.results)] : breakdown
        sections.append(
            "Weights of the views, learned on validation: \(EvaluationText.weights(run.recommender.weights)).\n"
                + "Epochs: the best of \(run.recommender.training.epochs.count) was "
                + "\(run.recommender.training.bestEpoch). Greatest memory: "
                + "\(Wording.bytes(run.report.systems.map(\.peakMemoryBytes).max() ?? 0)).")
        text = sections.joined(separator: "\n\n")
    }

    /// What was measured on and how.
    /// - Parameter seeds: The seeds of the run, if it had several.
    static func protocolLines(
        _ size: EvaluationReport.DataSet, _ how: EvaluationReport.EvaluationProtocol, seeds: [UInt64] = []
    ) -> String {
        let seed =
            seeds.count > 1 ? "Seeds \(seeds.map(String.init).joined(separator: ", "))" : "Seed \(how.seed)"
        return """
            \(Wording.count(size.users, "user")), \(Wording.count(size.items, "item")), \
            \(Wording.count(size.interactions, "interaction")). \(seed), \(Wording.count(how.threads, "thread")).
            Split: \(how.split). Candidates: \(how.candidates). Ties: \(how.ties). Fitted on \(how.fittedOn).\(stages(how))
            """
    }

    /// What reasoned and what encoded, when it was not the default.
    private static func stages(_ how: EvaluationReport.EvaluationProtocol) -> String {
        var parts: [String] = []
        if let profiles = how.profiles {
            parts.append("Reasoned by: \(how.reasoner ?? "?"); \(ProfileText.coverage(profiles)).")
        }
        if let encoder = how.encoder, encoder != EncoderChoice.latent.description {
            parts.append("Encoded by: \(encoder).")
        }
        return parts.isEmpty ? "" : "\n" + parts.joined(separator: " ")
    }

    /// The table of the direct protocol; none when it was not asked for.
    private static func direct(_ report: EvaluationReport) -> [String] {
        guard let first = report.systems.lazy.compactMap(\.direct).first else { return [] }
        var table = TextTable(
            [.left, .left] + DirectResult.metricNames.map { _ in .right },
            header: ["system", "split"] + DirectResult.metricNames)
        for system in report.systems {
            guard let direct = system.direct else { continue }
            table.add(
                [system.name, system.split]
                    + DirectResult.metricNames.map { decimal(direct.metrics[$0] ?? 0, digits: 4) })
        }
        return [
            "Direct protocol, among \(Wording.count(first.negatives, "negative")) that the user never took (seed "
                + "\(first.seed)); not comparable with the ranking above:\n" + table.text(indent: "  ")
        ]
    }

    private static func popularity(_ results: [EvaluationResult]) -> String {
        var table = TextTable(
            [.left, .left, .right, .right, .right, .right],
            header: ["split", "items", "number", "cases", "hr@10", "ndcg@10"])
        for result in results {
            for bucket in result.popularity {
                table.add([
                    result.part.rawValue, bucket.name, String(bucket.items), String(bucket.cases),
                    decimal(bucket.hitRate10, digits: 4), decimal(bucket.ndcg10, digits: 4),
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
                "\(view.rawValue) \(decimal(Double(term.weight), digits: 2))"
                    + (view.isGenerative ? "" : " (scale \(decimal(Double(term.scale), digits: 3)))")
            }
        }.joined(separator: ", ")
            + (weights.gate == nil ? "" : "; each times a factor that the gate gives it for the user and the item")
    }
}
