public import ISRFNumerics
public import ISRFUserGraph

/// Asks a trained model how likely each item is next.
public struct GenerationRequest: Sendable {
    /// One history for each row of the answer, oldest item first; may be empty.
    public var histories: [[Int]]
    /// For each history the similar users of the training log: the group.
    public var groups: [[UserGraph.Neighbour]]

    /// Creates a request; as many groups as histories.
    public init(histories: [[Int]], groups: [[UserGraph.Neighbour]]) {
        precondition(histories.count == groups.count, "there is not one group for each history")
        self.histories = histories
        self.groups = groups
    }
}

/// A model's answer in factored form: what each view of the user asks for, to be held against the items' vectors.
///
/// The logit of an item is the sum over the views of the dot product of the view's row with the item's row.
public struct GenerationResponse: Sendable {
    /// A view of a user inside the generative model.
    public enum View: String, Sendable, Codable, CaseIterable {
        /// The order of the history.
        case sequence
        /// Explicit individual interests.
        case individual
        /// Implicit group interests.
        case group
    }

    /// For each view one row for each history.
    public var queries: [View: Matrix]

    /// Creates a response.
    public init(queries: [View: Matrix]) {
        self.queries = queries
    }
}

/// A trained generative recommender: from a history and a group to the next item. Immutable, so safe to share.
public protocol GenerativeModel: Sendable {
    /// One row for each item, as wide as the queries of a response.
    var itemVectors: Matrix { get }

    /// Says what each view of the users asks for.
    func generate(_ request: GenerationRequest) throws -> GenerationResponse

    /// The same model with items that were not there at training, known by their text vectors alone.
    /// - Parameter textVectors: One unit row for each new item; their indices follow those of the known items.
    func addingItems(textVectors: Matrix) throws -> any GenerativeModel

    /// Individual vectors of some histories: unit rows, for finding similar users among refined vectors.
    func individualVectors(histories: [[Int]]) throws -> Matrix

    /// Everything that is needed to restore the model, by name.
    func state() -> [String: Matrix]
}

extension GenerativeModel {
    /// Where similar users are looked for after the user graph was refined: what was reasoned about each user beside
    /// the user's individual vector, both of unit length.
    /// - Parameter reasoned: One row for each history.
    /// - Returns: One unit row for each history.
    /// - Throws: What `individualVectors(histories:)` throws.
    public func joinedUserVectors(reasoned: Matrix, histories: [[Int]]) throws -> Matrix {
        let refined = try individualVectors(histories: histories)
        return Matrix((0..<refined.rows).map { refined.row($0) + reasoned.row($0) }).normalizedRows()
    }
}
