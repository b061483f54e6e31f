internal import ISRFKit

/// A model in words: sizes, files, training, weights and configuration.
struct InspectionText {
    let text: String

    init(manifest: ModelManifest, recommender: Recommender) {
        text = [
            InspectionText.sizes(manifest), InspectionText.training(recommender.training),
            InspectionText.weights(recommender.weights),
            "Configuration\n" + ConfigurationText.plain(recommender.configuration, indent: "  "),
        ].joined(separator: "\n\n")
    }

    private static func sizes(_ manifest: ModelManifest) -> String {
        var table = TextTable([.left, .right])
        for (name, file) in manifest.files.sorted(by: { $0.key < $1.key }) {
            table.add([name, Wording.bytes(file.bytes)])
        }
        return """
            Model, format version \(manifest.formatVersion)
              \(Wording.count(manifest.users, "user")), \(Wording.count(manifest.items, "item")), \
            \(Wording.count(manifest.interactions, "interaction"))

            Files, all with the checksums of the manifest
            \(table.text(indent: "  "))
            """
    }

    private static func training(_ training: TrainingSummary) -> String {
        var table = TextTable(
            [.right, .right, .right, .right, .right, .right, .right],
            header: ["epoch", "sequential", "direct", "explanation", "alignment", "ndcg@10", "seconds"])
        for epoch in training.epochs {
            let losses = ["sequential", "direct", "explanation", "alignment"].map { name in
                epoch.losses[name].map { decimal($0, digits: 3) } ?? "-"
            }
            table.add(
                ["\(epoch.epoch)"] + losses
                    + [epoch.validationNDCG10.map { decimal($0, digits: 4) } ?? "-", decimal(epoch.seconds, digits: 1)])
        }
        var lines = [
            "Training: losses and validation of the generative model alone; epoch \(training.bestEpoch) was kept",
            table.text(indent: "  "),
        ]
        if let ndcg = training.validationNDCG10 {
            lines.append("  NDCG@10 of the whole score on validation: \(decimal(ndcg, digits: 4))")
        }
        if training.failedItems + training.failedUsers > 0 {
            lines.append(
                "  Reasoned from attributes, since the reasoner failed: "
                    + "\(Wording.count(training.failedItems, "item")), \(Wording.count(training.failedUsers, "user"))")
        }
        if let reasoner = training.reasoner { lines.append("  Reasoned by: \(reasoner)") }
        if let profiles = training.profiles { lines.append("  Reasoned beforehand: \(ProfileText.coverage(profiles))") }
        if let encoder = training.encoder { lines.append("  Encoded by: \(encoder)") }
        return lines.joined(separator: "\n")
    }

    private static func weights(_ weights: ScoreWeights) -> String {
        var table = TextTable([.left, .right, .right], header: ["view", "weight", "scale"])
        for view in ScoreView.allCases {
            guard let term = weights.terms[view] else { continue }
            table.add([
                view.rawValue, decimal(Double(term.weight), digits: 3),
                view.isGenerative ? "-" : decimal(Double(term.scale), digits: 3),
            ])
        }
        let gate = weights.gate == nil ? "" : "\n  A gate multiplies them anew for each user and item."
        return "Weights of the views\n" + table.text(indent: "  ") + gate
    }
}
