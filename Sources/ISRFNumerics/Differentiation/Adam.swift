internal import CKernels
public import ISRFCore

/// The Adam optimiser with decoupled weight decay.
public struct Adam: Sendable {
    /// The decay of the running mean of gradients.
    public let meanDecay: Float
    /// The decay of the running mean of squared gradients.
    public let squareDecay: Float
    /// Keeps divisions finite.
    public let epsilon: Float
    private var means: [Matrix] = []
    private var squares: [Matrix] = []
    // The decays to the power of the steps taken, for the bias correction.
    private var powers: [(mean: Float, square: Float)] = []

    /// Creates an optimiser that has seen no gradient yet.
    public init(meanDecay: Float = 0.9, squareDecay: Float = 0.98, epsilon: Float = 1e-8) {
        self.meanDecay = meanDecay
        self.squareDecay = squareDecay
        self.epsilon = epsilon
    }

    /// Moves parameters against their gradients.
    /// - Parameters:
    ///   - parameters: The same matrices in every call.
    ///   - gradients: One for each parameter, of its shape; a parameter without one stays as it is.
    ///   - rate: The step size.
    ///   - weightDecay: The share of each parameter that a step of rate 1 would take away.
    ///   - parallelism: How large parameters are divided over threads.
    public mutating func step(
        _ parameters: inout [Matrix], gradients: [Matrix?], rate: Float, weightDecay: Float = 0,
        on parallelism: Parallelism = .serial
    ) {
        precondition(parameters.count == gradients.count, "there is not one gradient for each parameter")
        if means.isEmpty {
            means = parameters.map { Matrix(rows: $0.rows, columns: $0.columns) }
            squares = means
            powers = Array(repeating: (1, 1), count: parameters.count)
        }
        for index in parameters.indices {
            guard let gradient = gradients[index], !gradient.elements.isEmpty else { continue }
            precondition(gradient.elements.count == parameters[index].elements.count, "shapes differ")
            powers[index].mean *= meanDecay
            powers[index].square *= squareDecay
            let (first, second) = (1 - powers[index].mean, 1 - powers[index].square)
            let (meanDecay, squareDecay, epsilon) = (meanDecay, squareDecay, epsilon)
            gradient.withElements { slope in
                parameters[index].elements.withUnsafeMutableBufferPointer { parameter in
                    means[index].elements.withUnsafeMutableBufferPointer { mean in
                        squares[index].elements.withUnsafeMutableBufferPointer { square in
                            guard let parameterBase = parameter.baseAddress, let meanBase = mean.baseAddress,
                                let squareBase = square.baseAddress
                            else { return }
                            nonisolated(unsafe) let (slope, parameter) = (slope, parameterBase)
                            nonisolated(unsafe) let (mean, square) = (meanBase, squareBase)
                            parallelism.forRanges(gradient.elements.count, minimum: 32768) { range, _ in
                                let start = range.lowerBound
                                isrf_adam(
                                    parameter + start, slope + start, mean + start, square + start, range.count, rate,
                                    meanDecay, squareDecay, epsilon, first, second, weightDecay)
                            }
                        }
                    }
                }
            }
        }
    }
}
