internal import ISRFCore
public import ISRFData
public import ISRFNumerics

/// The default interaction graph: LightGCN propagation over the training interactions (method, step 1).
public struct LightGCNInteractionGraph: InteractionGraph {
    /// How many times vectors are passed on; the result is the average over 0...layers.
    public var layers: Int
    /// How near items stand to each other in histories.
    public var transitions: ItemTransitions.Configuration

    /// Creates the graph's recipe.
    public init(layers: Int = 2, transitions: ItemTransitions.Configuration = .init()) {
        self.layers = layers
        self.transitions = transitions
    }

    /// Builds the graph.
    /// - Throws: `ISRFError` (`invalidConfiguration`) when `layers` is negative or `transitions` are out of range.
    public func build(_ request: InteractionGraphRequest) async throws -> SemanticInteractionGraph {
        guard layers >= 0 else {
            throw ISRFError(
                .invalidConfiguration, "The interaction graph has \(layers) layers; 0 or more are possible.")
        }
        try transitions.validate()
        return SemanticInteractionGraph(
            interactions: BipartiteInteractions(request.training),
            transitions: ItemTransitions(training: request.training, configuration: transitions),
            propagation: LightGCNPropagation(training: request.training, layers: layers))
    }
}

/// LightGCN: `E^(l+1) = D^-1/2 A D^-1/2 E^(l)`, averaged over the layers, layer 0 included.
///
/// Works on the two halves of the bipartite adjacency, users x items and items x users.
public struct LightGCNPropagation: GraphPropagation {
    /// How many times vectors are passed on.
    public let layers: Int
    /// Users x items, symmetrically normalised: `1 / sqrt(degree of user * degree of item)`.
    public let usersByItems: SparseMatrix
    /// The transpose of `usersByItems`.
    public let itemsByUsers: SparseMatrix
    // Entry e of usersByItems stands at mirror[e] in itemsByUsers.
    private let mirror: [Int32]

    /// Prepares propagation over the interactions of a log; repeated interactions count once.
    public init(training: InteractionLog, layers: Int) {
        self.layers = layers
        let sets = training.histories.map { Set($0).sorted() }
        var degrees = [Int](repeating: 0, count: training.itemCount)
        for items in sets {
            for item in items { degrees[item] += 1 }
        }
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for items in sets {
            for item in items {
                columns.append(Int32(item))
                values.append(1 / (Float(items.count) * Float(degrees[item])).squareRoot())
            }
            offsets.append(columns.count)
        }
        var next = [0]
        for degree in degrees { next.append((next.last ?? 0) + degree) }
        let itemOffsets = next
        var mirror = [Int32](repeating: 0, count: columns.count)
        var itemColumns = [Int32](repeating: 0, count: columns.count)
        var itemValues = [Float](repeating: 0, count: columns.count)
        for user in sets.indices {
            for entry in offsets[user]..<offsets[user + 1] {
                let place = next[Int(columns[entry])]
                next[Int(columns[entry])] += 1
                mirror[entry] = Int32(place)
                itemColumns[place] = Int32(user)
                itemValues[place] = values[entry]
            }
        }
        usersByItems = SparseMatrix(
            rows: sets.count, columns: training.itemCount, rowOffsets: offsets, columnIndices: columns, values: values)
        itemsByUsers = SparseMatrix(
            rows: training.itemCount, columns: sets.count, rowOffsets: itemOffsets, columnIndices: itemColumns,
            values: itemValues)
        self.mirror = mirror
    }

    /// Spreads vectors; the edges of excluded users carry nothing in either direction, other weights stay.
    public func propagate(_ vectors: NodeVectors, excludingUsers excludedUsers: [Int]) -> NodeVectors {
        guard layers > 0 else { return vectors }
        var forward = usersByItems
        var backward = itemsByUsers
        for user in excludedUsers {
            for entry in forward.rowOffsets[user]..<forward.rowOffsets[user + 1] {
                forward.values[entry] = 0
                backward.values[Int(mirror[entry])] = 0
            }
        }
        var users = vectors.users
        var items = vectors.items
        var userSum = users
        var itemSum = items
        for _ in 0..<layers {
            let nextUsers = items.multiplied(byLeft: forward, transpose: backward)
            let nextItems = users.multiplied(byLeft: backward, transpose: forward)
            (users, items) = (nextUsers, nextItems)
            userSum = userSum + users
            itemSum = itemSum + items
        }
        let share = 1 / Float(layers + 1)
        return NodeVectors(users: userSum.scaled(by: share), items: itemSum.scaled(by: share))
    }
}
