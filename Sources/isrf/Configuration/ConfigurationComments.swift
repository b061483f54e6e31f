/// What each key of the configuration means, by the keys that lead to it with dots between them.
enum ConfigurationComments {
    static func comment(_ key: String) -> String? { comments[key] }

    private static let comments = general.merging(reasoning) { $1 }.merging(model) { $1 }.merging(training) { $1 }

    private static let general = [
        "seed": "The seed of every random choice.",
        "threads": "Threads for heavy work; 0 for as many as there are processors.",
        "graph": "The interaction graph: who took what, and what follows what.",
        "graph.layers": "How many times vectors are passed on along interactions, in 0...16.",
        "graph.transitions": "How near items stand to each other in histories.",
        "graph.transitions.backwardWeight":
            "The weight of a pair whose second item came earlier, beside 1 for one that came later.",
        "graph.transitions.maximumDistance": "Pairs that stand further apart than this do not count; 0 for no limit.",
        "users": "The user graph: who is like whom.",
        "users.neighbours": "How many similar users each user has; 0 for none.",
        "views": "What the graphs and the texts say directly about the next item.",
        "views.historyDecay": "The age, in items, at which an item of the history counts 1/e of the most recent one.",
        "views.transitionDecay": "The same for what follows: the next item depends on the latest ones.",
        "views.popularityDamping": "The power of an item's count that the votes of similar users are divided by.",
        "weighing": "Learning how much each view counts in the final score.",
        "weighing.maximumCases": "Validation users to learn from, at most.",
    ]

    private static let reasoning = [
        "reasoning": "What each item is and for whom, and what each user is after.",
        "reasoning.concurrency": "Items or users that are reasoned about at once.",
        "reasoning.recentItems": "How many of a user's most recent training items a user's reasoning is given.",
        "reasoning.attributes": "The default reasoner, which reasons from attributes and histories.",
        "reasoning.attributes.priorStrength":
            "How many interactions the prior of the log-odds ratio is worth; above 0. More distrusts small counts more.",
        "reasoning.attributes.similarItems": "How many similar items an item is compared with.",
        "reasoning.attributes.usersRead":
            "The most users whose histories are read for one item; of more takers, an even sample.",
        "reasoning.attributes.longestHistory": "The most interactions read from the end of one history.",
        "reasoning.attributes.recentItems": "The most recent items that a user is reasoned from.",
        "reasoning.attributes.evidenceLimit":
            "The most words, and the most other attributes, kept as evidence in each direction.",
        "reasoning.encoder": "The default text encoder, which turns what was reasoned into vectors.",
        "reasoning.encoder.latentDimensions":
            "Dimensions for what texts have in common; fewer when the texts have fewer.",
        "reasoning.encoder.residualDimensions":
            "Dimensions for the rare terms that tell one product line from the next; 0 leaves them out.",
        "reasoning.encoder.minimumDocumentFrequency": "Terms in fewer texts than this are treated as unseen.",
        "reasoning.encoder.maximumTerms": "The most terms; of more, the most frequent are kept.",
        "reasoning.encoder.spectrumPower":
            "How far strong components outweigh weak ones: 1 as in the texts, 0 all alike.",
        "reasoning.encoder.pathWeight": "The weight of a category level, beside 1 for a word.",
        "reasoning.encoder.seed": "The seed of the decomposition's start and of the residual's signs.",
    ]

    private static let model = [
        "model": "The shape of the generative model.",
        "model.width": "The width of every vector inside the model.",
        "model.blocks": "The number of transformer blocks.",
        "model.heads": "The number of attention heads of a block; divides the width.",
        "model.expansion": "The width of a block's inner layer, as a multiple of the width.",
        "model.historyLength": "How many items of a history the model reads: the most recent ones.",
        "model.dropout": "The share of activations that training sets to zero, in 0..<1.",
        "model.learnedVectorDropout":
            "The share of items whose learned vector a training step hides, so that text alone can stand for an item.",
        "model.interestDropout":
            "The share of users from whom a training step hides the individual, and independently the group vector.",
        "model.initialDeviation": "The standard deviation of learned vectors before training.",
    ]

    private static let training = [
        "training": "How the generative model is trained.",
        "training.epochs":
            "Epochs, at most; the learning rate falls to its end value over all of them.",
        "training.minimumBatchesPerEpoch":
            "The least batches of an epoch; for little data they are smaller, down to 32 segments, and passes more.",
        "training.patience": "Epochs without a better validation NDCG@10 after which training stops.",
        "training.batchSize": "Histories, or segments of long ones, in a sequential batch, at most.",
        "training.learningRate": "The greatest learning rate.",
        "training.warmUp": "The share of all steps over which the learning rate rises from 0.",
        "training.finalLearningRate": "The learning rate at the end, as a share of the greatest.",
        "training.weightDecay": "The share of every parameter that decays in a step, times the learning rate.",
        "training.averagingDecay":
            "The share of their running mean that the weights which predict keep in a step; 0 takes them as trained.",
        "training.directEvery": "After how many sequential batches a direct batch follows; 0 for never.",
        "training.directNegatives": "The negatives of a direct example.",
        "training.explanationEvery": "After how many sequential batches an explanation batch follows; 0 for never.",
        "training.pairBatchSize": "Users in a direct or explanation batch.",
        "training.alignmentWeight":
            "The weight of the alignment of individual and group vectors beside the generation loss; 0 for none.",
        "training.alignmentTemperature": "The temperature of the alignment, between unit vectors.",
        "training.reducedPrecision":
            "Whether the softmax over the catalogue multiplies in bfloat16 where the processor can: half the time.",
        "training.rounds":
            "How many times the user graph is made: before training, and anew at the start of each further round.",
    ]
}
