/// The points of the stage protocols' contracts that the conformance suites look at.
public enum ContractPoint: String, Sendable, Hashable, CaseIterable {
    /// A call that the contract allows throws an error.
    case failure
    /// An answer is for the user or item that was asked about.
    case identifier
    /// Every statement and its reasoning say something.
    case statement
    /// Statements keep the lengths that the profiles document.
    case wordLimit
    /// Answers have as many rows, columns or lists as the request asks for.
    case shape
    /// Row by row, answers stand in the order of the request and do not depend on what else is asked.
    case order
    /// Rows have unit length or are zero where nothing is known.
    case unitRows
    /// All numbers are finite.
    case finite
    /// Different inputs are told apart.
    case discrimination
    /// The same request gets the same answer.
    case determinism
    /// A cancelled task ends within a second.
    case cancellation
    /// Several calls at once get the answers that single calls get.
    case concurrency
    /// What the model says of itself is possible.
    case capabilities
    /// A response is complete, or says that it is not.
    case response
    /// Answers respect the greatest number of tokens.
    case tokenLimit
    /// An answer to a request for a JSON object is one, and with a schema it has what the schema requires.
    case schema
    /// Users, items and edges of a graph are those of the training log.
    case edges
    /// Item-item strengths have the catalogue's shape and are finite and not negative.
    case transitions
    /// Gradients flow to the inputs and agree with finite differences.
    case differentiability
    /// The edges of excluded users carry nothing, and only in the call that excludes them.
    case exclusion
    /// Indices exist.
    case range
    /// Weights are above zero and in descending order.
    case weights
    /// Nobody is similar to themselves, and nobody is named twice.
    case distinctUsers
    /// Lists are not longer than asked for.
    case limit
    /// Users with like vectors are found before others.
    case similarity
    /// Epochs are numbered, and a fixed number of them is kept to.
    case epochs
    /// Validation decides when to stop and nothing else.
    case validation
    /// Progress stays between nothing and all.
    case progress
    /// New items join without changing what was known.
    case newItems
    /// A model restored from its state answers as before.
    case state
}
