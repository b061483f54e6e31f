public import ISRFCore
public import ISRFData
public import ISRFNumerics

/// Asks for a semantic interaction graph.
public struct InteractionGraphRequest: Sendable {
    /// The interactions that become edges: the training part of the log, nothing else.
    public let training: InteractionLog
    /// What was reasoned about each item, as vectors: one unit row for each item of the catalogue. A graph may use
    /// them for edges of its own; the default uses interactions alone.
    public let itemVectors: Matrix
    /// How heavy work is divided over threads.
    public let parallelism: Parallelism

    /// Creates a request.
    public init(training: InteractionLog, itemVectors: Matrix, parallelism: Parallelism = .serial) {
        self.training = training
        self.itemVectors = itemVectors
        self.parallelism = parallelism
    }
}

/// The second stage: from training interactions and item vectors to a graph of users and items that vectors spread
/// over (method, step 1). The default is `LightGCNInteractionGraph`.
///
/// A graph of the host's own usually brings its own `GraphPropagation` and leaves the rest to
/// `SemanticInteractionGraph`.
public protocol InteractionGraph: Sendable {
    /// Builds the graph.
    func build(_ request: InteractionGraphRequest) async throws -> SemanticInteractionGraph
}

/// A vector for each node of an interaction graph, on a tape.
public struct NodeVectors {
    /// One row for each user.
    public var users: Variable
    /// One row for each item, as wide as `users`.
    public var items: Variable

    /// Creates node vectors.
    public init(users: Variable, items: Variable) {
        self.users = users
        self.items = items
    }
}

/// How vectors spread over an interaction graph; differentiable through to its inputs.
public protocol GraphPropagation: Sendable {
    /// Spreads vectors over the graph.
    /// - Parameters:
    ///   - vectors: The vectors before propagation, all on one tape.
    ///   - excludedUsers: Users whose edges are left out, so that what is to be predicted for them cannot be read off
    ///     the graph; ascending indices.
    /// - Returns: Vectors of the same shapes.
    func propagate(_ vectors: NodeVectors, excludingUsers excludedUsers: [Int]) throws -> NodeVectors
}
