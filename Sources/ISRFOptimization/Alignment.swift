internal import ISRFNumerics

extension Variable {
    /// Soft contrastive alignment of two sets of vectors that belong together row by row (method, step 3).
    ///
    /// With unit rows X (this) and Y: `logits = X Y^T / temperature`, `targets = softmax((X X^T + Y Y^T) / 2 /
    /// temperature)`; the loss is the mean of the cross-entropies of the logits and of their transpose against the
    /// targets. Rows that are alike are so not pushed apart. The targets are constants.
    /// - Returns: A 1 x 1 variable, in nats.
    func softContrastiveAlignment(with other: Variable, temperature: Float) -> Variable {
        let left = unitRows()
        let right = other.unitRows()
        let parallelism = tape.parallelism
        var similarity = left.value.multiplied(by: left.value, transposeOther: true, on: parallelism)
        let second = right.value.multiplied(by: right.value, transposeOther: true, on: parallelism)
        for index in similarity.elements.indices {
            similarity.elements[index] = (similarity.elements[index] + second.elements[index]) / (2 * temperature)
        }
        let targets = similarity.softmaxRows()
        let forward = left.multiplied(by: right, transposeOther: true).scaled(by: 1 / temperature)
        let backward = right.multiplied(by: left, transposeOther: true).scaled(by: 1 / temperature)
        return (forward.crossEntropy(against: targets) + backward.crossEntropy(against: targets)).scaled(by: 0.5)
    }
}
