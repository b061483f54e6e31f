import ISRFKit
import ISRFKitTesting
import Testing

@Suite("Conformance suite of user graph builders")
struct UserGraphConformanceTests {
    @Test("The default builder keeps the contract with any block size", arguments: [1, 7, 256])
    func defaultConforms(_ blockSize: Int) async throws {
        let builder = CosineUserGraphBuilder(blockSize: blockSize)
        try await Conformance.violations(of: builder, options: .patient).requireNone()
    }

    typealias Neighbour = UserGraph.Neighbour

    static let broken: [(name: String, builder: BrokenBuilder, point: ContractPoint)] = [
        ("forgets a user", BrokenBuilder { _, lists in if !lists.isEmpty { lists.removeLast() } }, .shape),
        ("answers about nobody", BrokenBuilder { _, lists in if lists.isEmpty { lists.append([]) } }, .shape),
        (
            "gives too many",
            BrokenBuilder { request, lists in
                guard request.neighbourCount == 0, !lists.isEmpty else { return }
                lists[0] = [Neighbour(user: 1, weight: 1)]
            }, .limit
        ),
        (
            "invents a user",
            BrokenBuilder.eachList({ request, list in
                list = list.map { Neighbour(user: $0.user + request.candidates.rows, weight: $0.weight) }
            }), .range
        ),
        (
            "weighs without end",
            BrokenBuilder.eachList({ _, list in
                list = list.map { Neighbour(user: $0.user, weight: .infinity) }
            }), .finite
        ),
        (
            "weighs nothing",
            BrokenBuilder.eachList({ _, list in
                list = list.map { Neighbour(user: $0.user, weight: 0) }
            }), .weights
        ),
        ("has the least first", BrokenBuilder.eachList({ _, list in list.reverse() }), .weights),
        (
            "names users twice",
            BrokenBuilder.eachList({ _, list in if list.count > 1 { list[1] = list[0] } }), .distinctUsers
        ),
        (
            "likes itself best",
            BrokenBuilder { request, lists in
                for row in lists.indices where request.neighbourCount > 0 {
                    guard let owner = request.owners[row] else { continue }
                    lists[row] = [Neighbour(user: owner, weight: 2)] + lists[row].dropLast()
                }
            }, .distinctUsers
        ),
        (
            "does not look at the vectors",
            BrokenBuilder { request, lists in
                lists = lists.indices.map { row in
                    (0..<request.candidates.rows).filter { $0 != request.owners[row] }.prefix(request.neighbourCount)
                        .map { Neighbour(user: $0, weight: 1) }
                }
            }, .similarity
        ),
        (
            "draws at random",
            BrokenBuilder.eachList({ _, list in
                list = list.enumerated().map {
                    Neighbour(
                        user: $0.element.user,
                        weight: $0.element.weight + (list.count == 1 || $0.offset == 0 ? .random(in: 0..<1) : 0))
                }
            }), .determinism
        ),
        (
            "fails among nobody", BrokenBuilder { request, _ in if request.candidates.rows == 0 { throw Refusal() } },
            .failure
        ),
        ("cannot be asked twice at once", BrokenBuilder(refusesCompany: true) { _, _ in }, .concurrency),
        ("does not hear of cancellation", BrokenBuilder { _, _ in await stubbornly() }, .cancellation),
    ]

    @Test("A builder that breaks a point is caught", arguments: broken.indices)
    func brokenOnesAreCaught(_ index: Int) async {
        let (name, builder, point) = Self.broken[index]
        let options = point == .cancellation ? Conformance.Options.strict : .patient
        let violations = await Conformance.violations(of: builder, options: options)
        #expect(violations.points.contains(point), "\(name): \(violations)")
        #expect(violations.points.isSubset(of: [point, .concurrency]), "\(name): \(violations)")
    }
}

/// The default builder with one thing broken.
struct BrokenBuilder: UserGraphBuilder {
    typealias Lists = [[UserGraph.Neighbour]]

    let refusesCompany: Bool
    let change: @Sendable (UserGraphRequest, inout Lists) async throws -> Void
    private let company = Company()

    init(
        refusesCompany: Bool = false, _ change: @escaping @Sendable (UserGraphRequest, inout Lists) async throws -> Void
    ) {
        self.refusesCompany = refusesCompany
        self.change = change
    }

    static func eachList(
        _ change: @escaping @Sendable (UserGraphRequest, inout [UserGraph.Neighbour]) -> Void
    ) -> BrokenBuilder {
        BrokenBuilder { request, lists in
            for row in lists.indices { change(request, &lists[row]) }
        }
    }

    func build(_ request: UserGraphRequest) async throws -> UserGraph {
        if refusesCompany { try await company.enter() }
        defer { company.leave() }
        var lists = try await CosineUserGraphBuilder().build(request).neighbours
        try await change(request, &lists)
        return UserGraph(neighbours: lists)
    }
}
