public import ISRFKit

extension ISRFConfiguration {
    /// A reduced configuration for tests: fits `SampleData` in a second or two in a release build.
    ///
    /// One thread, one narrow block, few epochs, single precision on every processor. It recommends better than chance; it
    /// says nothing about accuracy.
    public static var small: ISRFConfiguration {
        var configuration = ISRFConfiguration()
        configuration.threads = 1
        configuration.reasoning.encoder.latentDimensions = 16
        configuration.reasoning.encoder.residualDimensions = 16
        configuration.users.neighbours = 10
        configuration.model.width = 16
        configuration.model.blocks = 1
        configuration.model.historyLength = 10
        configuration.model.dropout = 0.2
        configuration.training.epochs = 8
        configuration.training.batchSize = 16
        configuration.training.minimumBatchesPerEpoch = 1
        configuration.training.pairBatchSize = 16
        configuration.training.directNegatives = 10
        configuration.training.learningRate = 0.01
        configuration.training.reducedPrecision = false
        return configuration
    }
}
