internal import ISRFKit

/// What `isrf evaluate --semantic-identifiers` prints for people.
struct VocabularyText {
    let text: String

    init(_ report: VocabularyReport) {
        let (how, timing) = (report.identifiers, report.timing)
        let places = how.placeSizes.map(Wording.count).joined(separator: ", ")
        text = """
            \(EvaluationText.protocolLines(report.dataset, report.protocol))

            \(VocabularyText.metrics(report))

            "isrf" is the whole pipeline, "whole items" its trained model alone, "semantic identifiers" a decoder of tokens \
            on that model.
            An item is written as \(Wording.count(how.placeSizes.count, "token")); the places have \(places) different \
            ones\(how.hasDisambiguation ? ", the last telling items with the same codes apart" : "").
            Beam search keeps \(Wording.count(how.beamWidth, "prefix", plural: "prefixes")). What it does not find comes \
            after all other items.
            Epochs of the decoder: the best of \(how.epochs.count) was \(how.bestEpoch).

            \(VocabularyText.costs(report))

            Fitting of semantic identifiers comes on top of that of the model. Ranking is a list of \(timing.count) for \
            each of \(Wording.count(timing.users, "user")), \(timing.batchSize) at once on \
            \(Wording.count(report.protocol.threads, "thread")), their groups being known: the fastest of \
            \(timing.passes) passes, for 1,000 users.
            The model is that of all three. What isrf reads of graphs and texts beside it is not counted.
            """
    }

    private static let metricNames = ["hr@5", "ndcg@5", "hr@10", "ndcg@10", "coverage@10"]

    private static func metrics(_ report: VocabularyReport) -> String {
        var table = TextTable(
            [.left, .left, .right] + metricNames.map { _ in .right },
            header: ["system", "split", "users"] + metricNames)
        for system in report.systems {
            table.add(
                [system.name, system.split, String(system.users)]
                    + metricNames.map { decimal(system.metrics[$0] ?? 0, digits: 4) })
        }
        return table.text()
    }

    private static func costs(_ report: VocabularyReport) -> String {
        var table = TextTable(
            [.left] + Array(repeating: .right, count: 6),
            header: ["system", "fitting", "ranking", "model", "decoder", "vocabulary", "trie"])
        for cost in report.costs {
            table.add(
                [
                    cost.name, "\(decimal(cost.fittingSeconds, digits: 1)) s",
                    "\(decimal(cost.rankingSeconds, digits: 3)) s",
                ]
                    + [cost.modelBytes, cost.decoderBytes, cost.vocabularyBytes, cost.trieBytes].map {
                        $0 == 0 ? "-" : Wording.bytes($0)
                    })
        }
        return table.text()
    }
}
