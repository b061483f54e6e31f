internal import ISRFKit

extension DemoRun {
    /// The default pipeline with a schedule for a shop of some hundred users; chosen on the validation part.
    ///
    /// A few hundred histories make few steps an epoch, hence small batches and more epochs. Three rounds: the user
    /// graph is made twice again from what was learned, see "groups" in `Documentation/Demo.md`.
    static func configuration(seed: UInt64) -> ISRFConfiguration {
        var configuration = ISRFConfiguration()
        configuration.seed = seed
        configuration.users.neighbours = 50
        configuration.model.width = 64
        configuration.model.dropout = 0.3
        configuration.training.batchSize = 32
        configuration.training.minimumBatchesPerEpoch = 1
        configuration.training.pairBatchSize = 64
        configuration.training.epochs = 40
        configuration.training.patience = 10
        configuration.training.rounds = 3
        configuration.training.directEvery = 4
        configuration.training.explanationEvery = 4
        configuration.training.alignmentWeight = 0.1
        return configuration
    }
}
