public import ISRFNumerics

/// Asks how likely each token is to come next.
public struct NextTokenRequest: Sendable {
    /// For each prefix which of the decodings it belongs to.
    public var decodings: [Int]
    /// The tokens so far, all prefixes of the same length; all empty at the first token.
    public var prefixes: [[Int]]

    /// Creates a request; as many decodings as prefixes.
    public init(decodings: [Int], prefixes: [[Int]]) {
        precondition(decodings.count == prefixes.count, "there is not one decoding for each prefix")
        self.decodings = decodings
        self.prefixes = prefixes
    }
}

/// How likely each token is to come next.
public struct NextTokenResponse: Sendable {
    /// The tokens that the columns stand for.
    public var tokens: Range<Int>
    /// Natural logarithms of probabilities: one row for each prefix, one column for each of `tokens`.
    public var logProbabilities: Matrix

    /// Creates a response.
    public init(tokens: Range<Int>, logProbabilities: Matrix) {
        self.tokens = tokens
        self.logProbabilities = logProbabilities
    }
}

/// Whatever says which token comes next: what beam search decodes.
public protocol NextTokenScorer {
    /// Scores the next token of all prefixes at once.
    func score(_ request: NextTokenRequest) throws -> NextTokenResponse
}
