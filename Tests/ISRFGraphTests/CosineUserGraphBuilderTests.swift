import ISRFKit
import Testing

@Suite("The cosine user graph")
struct CosineUserGraphBuilderTests {
    /// The similar users of every query by sorting all cosines in double precision.
    static func bruteForce(_ request: UserGraphRequest) -> [[(user: Int, weight: Double)]] {
        func product(_ a: [Float], _ b: [Float]) -> Double {
            zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        func cosine(_ a: [Float], _ b: [Float]) -> Double {
            let squares = product(a, a) * product(b, b)
            return squares == 0 ? 0 : product(a, b) / squares.squareRoot()
        }
        return (0..<request.queries.rows).map { query in
            (0..<request.candidates.rows)
                .filter { $0 != request.owners[query] }
                .map { (user: $0, weight: cosine(request.queries.row(query), request.candidates.row($0))) }
                .filter { $0.weight > 0 }
                .sorted { (-$0.weight, $0.user) < (-$1.weight, $1.user) }
                .prefix(request.neighbourCount).map { $0 }
        }
    }

    static func expectAgreement(_ graph: UserGraph, _ request: UserGraphRequest) {
        let expected = bruteForce(request)
        #expect(graph.neighbours.map { $0.map(\.user) } == expected.map { $0.map(\.user) })
        for (list, expected) in zip(graph.neighbours, expected) {
            for (one, other) in zip(list, expected) { #expect(abs(Double(one.weight) - other.weight) < 1e-5) }
        }
    }

    @Test(
        "Agrees with brute force for any block size and number of neighbours", arguments: [1, 7, 16, 61, 1000],
        [0, 1, 5, 60, 61, 500, .max])
    func agreement(blockSize: Int, neighbourCount: Int) async throws {
        var vectors = randomMatrix(61, 9, seed: 1)
        // A user of whom nothing is known, and vectors of very different lengths.
        for column in 0..<9 {
            vectors[17, column] = 0
            vectors[20, column] *= 1e6
            vectors[21, column] *= 1e-6
        }
        for threads in [1, 3] {
            let builder = CosineUserGraphBuilder(blockSize: blockSize, parallelism: Parallelism(threads: threads))
            let request = UserGraphRequest(users: vectors, neighbourCount: neighbourCount)
            let graph = try await builder.build(request)
            CosineUserGraphBuilderTests.expectAgreement(graph, request)
            #expect(graph.neighbours[17].isEmpty)
            #expect(!graph.neighbours.joined().contains { $0.user == 17 })
        }
    }

    @Test("Owners are left out of their own answers, others are not")
    func owners() async throws {
        let known = randomMatrix(20, 6, seed: 2)
        // Two known users looked up anew, and two strangers with the very vectors of users 0 and 4.
        let queries = known.selectingRows([4, 9, 0, 4])
        let request = UserGraphRequest(queries: queries, among: known, owners: [4, 9, nil, nil], neighbourCount: 6)
        let graph = try await CosineUserGraphBuilder(blockSize: 3).build(request)
        CosineUserGraphBuilderTests.expectAgreement(graph, request)
        #expect(graph.neighbours[3].first?.user == 4 && graph.neighbours[2].first?.user == 0)
        let strangers = UserGraphRequest(queries: queries, among: known, neighbourCount: 6)
        CosineUserGraphBuilderTests.expectAgreement(try await CosineUserGraphBuilder().build(strangers), strangers)
    }

    @Test("Ties go to the smaller index", arguments: [1, 4, 256])
    func ties(blockSize: Int) async throws {
        // Cosines of these are exact in any order of summation: 0, 1/2 or 1.
        let kinds: [[Float]] = [[1, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 0], [1, 1, -1, -1]]
        let vectors = Matrix((0..<40).map { kinds[$0 * 7 % 4] })
        for count in [3, 12, 39] {
            let request = UserGraphRequest(users: vectors, neighbourCount: count)
            let graph = try await CosineUserGraphBuilder(blockSize: blockSize).build(request)
            CosineUserGraphBuilderTests.expectAgreement(graph, request)
        }
    }

    @Test("Nobody, one user, and opposite users")
    func degenerate() async throws {
        let builder = CosineUserGraphBuilder()
        let nobody = Matrix(rows: 0, columns: 3)
        #expect(try await builder.build(.init(users: nobody, neighbourCount: 3)).neighbours.isEmpty)
        let one = Matrix([[1, 2, 3]])
        #expect(try await builder.build(.init(users: one, neighbourCount: 3)).neighbours == [[]])
        #expect(try await builder.build(.init(queries: one, among: nobody, neighbourCount: 3)).neighbours == [[]])
        let opposite = Matrix([[2, 0], [-1, 0], [0, 3]])
        #expect(try await builder.build(.init(users: opposite, neighbourCount: 2)).neighbours == [[], [], []])
    }

    @Test("Impossible requests are refused")
    func refusals() async {
        let users = randomMatrix(4, 3, seed: 3)
        var notFinite = users
        notFinite[2, 1] = .nan
        let cases: [(CosineUserGraphBuilder, UserGraphRequest, ISRFError.Code)] = [
            (.init(), .init(queries: randomMatrix(2, 4, seed: 4), among: users, neighbourCount: 1), .invalidData),
            (.init(), .init(users: notFinite, neighbourCount: 1), .invalidData),
            (.init(), .init(queries: notFinite, among: users, neighbourCount: 1), .invalidData),
            (.init(), .init(users: users, neighbourCount: -1), .invalidConfiguration),
            (.init(blockSize: 0), .init(users: users, neighbourCount: 1), .invalidConfiguration),
        ]
        for (builder, request, code) in cases {
            let error = await #expect(throws: ISRFError.self) { _ = try await builder.build(request) }
            #expect(error?.code == code)
        }
    }

    @Test("A cancelled task stops")
    func cancellation() async {
        let request = UserGraphRequest(users: randomMatrix(500, 8, seed: 5), neighbourCount: 3)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await CosineUserGraphBuilder(blockSize: 1).build(request)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
