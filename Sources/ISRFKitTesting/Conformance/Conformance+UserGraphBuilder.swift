internal import ISRFCore
internal import ISRFNumerics
public import ISRFUserGraph

extension Conformance {
    /// Holds a builder against the contract of `UserGraphBuilder`.
    ///
    /// The builder is asked about generated users of a few groups with well-separated vectors: all among each other, new
    /// users among known ones, with more and with fewer neighbours than there are, with zero vectors, equal vectors, and
    /// nobody at all.
    public static func violations(
        of builder: any UserGraphBuilder, options: Options = .init()
    ) async -> [ContractViolation] {
        var findings = Findings(options)
        await UserGraphSuite(builder: builder).run(&findings)
        let vectors = UserGraphSuite.clusters(of: 200, stream: 3)
        await findings.requireCancellation("build(_:)") {
            _ = try await builder.build(UserGraphRequest(users: vectors, neighbourCount: 20))
        }
        return findings.violations
    }
}

private struct UserGraphSuite {
    let builder: any UserGraphBuilder
    private static let clusterCount = 3

    /// Unit rows near one of three axes; row i belongs to cluster i mod 3.
    static func clusters(of perCluster: Int, stream: UInt64) -> Matrix {
        var random = SeededRandom(seed: 7, stream: stream)
        let rows = (0..<clusterCount * perCluster).map { row in
            (0..<8).map { column in (column == row % clusterCount ? 1 : 0) + 0.1 * random.normal() }
        }
        return Matrix(rows).normalizedRows()
    }

    func run(_ findings: inout Findings) async {
        let users = UserGraphSuite.clusters(of: 12, stream: 1)
        let queries = UserGraphSuite.clusters(of: 2, stream: 2)
        let few = UserGraphRequest(users: users, neighbourCount: 5)
        if let graph = await checked("All users, 5 neighbours", few, &findings) {
            checkSimilarity(graph, "All users", &findings)
            if findings.options.requiresDeterminism, let again = try? await builder.build(few) {
                findings.require(again == graph, .determinism, "The same users got two different graphs.")
            }
            await checkConcurrency(graph, few, &findings)
        }
        let new = UserGraphRequest(queries: queries, among: users, neighbourCount: 5)
        if let graph = await checked("New users among known ones", new, &findings) {
            checkSimilarity(graph, "New users", &findings)
        }
        let known = UserGraphRequest(
            queries: users.selectingRows([4, 9]), among: users, owners: [4, nil], neighbourCount: 3)
        _ = await checked("Known users looked up anew", known, &findings)
        _ = await checked(
            "More neighbours than users", UserGraphRequest(users: users, neighbourCount: users.rows + 10), &findings)
        _ = await checked("No neighbours", UserGraphRequest(users: users, neighbourCount: 0), &findings)
        var zeros = users
        for column in 0..<zeros.columns { zeros[0, column] = 0 }
        _ = await checked("A user with a zero vector", UserGraphRequest(users: zeros, neighbourCount: 5), &findings)
        let equal = Matrix(rows: 6, columns: 4, repeating: 0.5)
        _ = await checked("Equal users", UserGraphRequest(users: equal, neighbourCount: 3), &findings)
        _ = await checked(
            "One user", UserGraphRequest(users: equal.selectingRows([0]), neighbourCount: 3), &findings)
        let nobody = Matrix(rows: 0, columns: users.columns)
        _ = await checked("Nobody", UserGraphRequest(users: nobody, neighbourCount: 3), &findings)
        _ = await checked(
            "New users among nobody", UserGraphRequest(queries: queries, among: nobody, neighbourCount: 3), &findings)
    }

    private func checked(
        _ what: String, _ request: UserGraphRequest, _ findings: inout Findings
    ) async -> UserGraph? {
        guard let graph = await findings.attempt("build(_:), \(what)", { try await builder.build(request) }),
            findings.require(
                graph.neighbours.count == request.queries.rows, .shape,
                "\(what): asked about \(request.queries.rows) users, it answered for \(graph.neighbours.count).")
        else { return nil }
        for (query, list) in graph.neighbours.enumerated() {
            let subject = "\(what): user \(query)"
            findings.require(
                list.count <= request.neighbourCount, .limit,
                "\(subject) has \(list.count) similar users; \(request.neighbourCount) were asked for.")
            guard
                findings.require(
                    list.allSatisfy { $0.user >= 0 && $0.user < request.candidates.rows }, .range,
                    "\(subject) is said to be similar to a user who does not exist.")
            else { return nil }
            findings.require(
                list.allSatisfy { $0.weight.isFinite }, .finite, "\(subject) has a weight that is not finite.")
            findings.require(
                list.allSatisfy { !($0.weight <= 0) }
                    && zip(list, list.dropFirst()).allSatisfy { !($0.weight < $1.weight) },
                .weights, "\(subject): weights \(list.map(\.weight)) are not above 0 and descending.")
            findings.require(
                Set(list.map(\.user)).count == list.count, .distinctUsers, "\(subject) has the same similar user twice."
            )
            findings.require(
                !list.contains { $0.user == request.owners[query] }, .distinctUsers,
                "\(subject) is said to be similar to itself.")
        }
        return graph
    }

    private func checkSimilarity(_ graph: UserGraph, _ what: String, _ findings: inout Findings) {
        let clusters = UserGraphSuite.clusterCount
        let found = graph.neighbours.enumerated().count { query, list in
            list.first.map { $0.user % clusters == query % clusters } ?? false
        }
        findings.require(
            found * 10 >= graph.neighbours.count * 9, .similarity,
            "\(what): of \(graph.neighbours.count) users in well-separated groups, only \(found) have a first neighbour of "
                + "their own group.")
    }

    private func checkConcurrency(_ graph: UserGraph, _ request: UserGraphRequest, _ findings: inout Findings) async {
        let builder = builder
        let answers = await withTaskGroup(of: UserGraph?.self) { group in
            for _ in 0..<8 { group.addTask { try? await builder.build(request) } }
            return await group.reduce(into: [UserGraph?]()) { $0.append($1) }
        }
        findings.require(
            !findings.options.requiresDeterminism || answers.allSatisfy { $0 == graph }, .concurrency,
            "Built several times at once, the graph is another one.")
    }
}
