import ISRFKit
import Testing

@Suite("The residual quantiser")
struct ResidualQuantizerTests {
    static let vectors = randomMatrix(300, 6, seed: 5)

    static func squaredDistance(_ left: [Float], _ right: [Float]) -> Double {
        zip(left, right).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    }

    static func error(_ vectors: Matrix, _ other: Matrix) -> Double {
        squaredDistance(vectors.elements, other.elements)
    }

    @Test("Every level brings the sum of centres nearer to the vectors")
    func levels() throws {
        let vectors = Self.vectors
        let quantizer = try ResidualQuantizer(fitting: vectors, configuration: .init(levels: 4, codebookSize: 8))
        #expect(quantizer.codebooks.map(\.rows) == [8, 8, 8, 8])
        let codes = try quantizer.codes(of: vectors)
        var before = vectors.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
        for level in 1...4 {
            let error = Self.error(vectors, try quantizer.vectors(of: codes.map { Array($0.prefix(level)) }))
            #expect(error < 0.95 * before, "level \(level)")
            before = error
        }
    }

    @Test("Codes are the nearest centres of what the levels before leave over", arguments: [1, 3])
    func bruteForce(threads: Int) throws {
        let parallelism = Parallelism(threads: threads)
        let quantizer = try ResidualQuantizer(
            fitting: Self.vectors, configuration: .init(levels: 3, codebookSize: 16), on: parallelism)
        // Others than those that it was fitted to, and more than one block of products.
        let vectors = randomMatrix(700, 6, seed: 6)
        let codes = try quantizer.codes(of: vectors, on: parallelism)
        for row in 0..<vectors.rows {
            var residual = vectors.row(row)
            for (level, centres) in quantizer.codebooks.enumerated() {
                let distances = (0..<centres.rows).map { Self.squaredDistance(residual, centres.row($0)) }
                let nearest = try #require(distances.indices.min { distances[$0] < distances[$1] })
                #expect(codes[row][level] == nearest)
                residual = zip(residual, centres.row(nearest)).map { $0 - $1 }
            }
        }
    }

    @Test("Codes are the same in one block of rows and in several")
    func blocks() throws {
        let quantizer = try ResidualQuantizer(
            fitting: Self.vectors, configuration: .init(levels: 2, codebookSize: 4))
        let few = try quantizer.codes(of: Self.vectors)
        let copies = 60
        let many = Matrix(
            rows: copies * 300, columns: 6,
            elements: (0..<copies).flatMap { _ in Self.vectors.elements })
        #expect(try quantizer.codes(of: many) == (0..<copies).flatMap { _ in few })
    }

    @Test("A sample is drawn by the seed, and codebooks fitted to it are as good as its size allows")
    func sample() throws {
        func quantizer(_ size: Int?, seed: UInt64 = 1) throws -> ResidualQuantizer {
            var configuration = ResidualQuantizer.Configuration(levels: 2, codebookSize: 8)
            configuration.sampleSize = size
            return try ResidualQuantizer(fitting: Self.vectors, configuration: configuration, seed: seed)
        }
        let all = try quantizer(nil)
        #expect(try quantizer(300) == all && quantizer(10_000) == all)
        let some = try quantizer(150)
        #expect(some != all)
        #expect(try quantizer(150) == some)
        #expect(try quantizer(150, seed: 2) != some)
        let codes = try some.codes(of: Self.vectors)
        let zero = Matrix(rows: 300, columns: 6)
        #expect(
            Self.error(Self.vectors, try some.vectors(of: codes)) < 0.7 * Self.error(Self.vectors, zero))
        let one = try quantizer(1)
        #expect(one.codebooks.map(\.rows) == [1, 1])
    }

    @Test("Clusters that stand apart are found, whatever the seed", arguments: 1...8 as ClosedRange<UInt64>)
    func clusters(seed: UInt64) throws {
        let noise = randomMatrix(60, 2, seed: 9).scaled(by: 0.01)
        let corners: [[Float]] = [[0, 0], [10, 0], [0, 10], [10, 10], [50, 50]]
        let points = Matrix((0..<60).map { corners[$0 % 5] }).adding(noise)
        let quantizer = try ResidualQuantizer(
            fitting: points, configuration: .init(levels: 1, codebookSize: 5), seed: seed)
        let codes = try quantizer.codes(of: points).map { $0[0] }
        for point in 0..<60 { #expect(codes[point] == codes[point % 5]) }
        #expect(Set(codes).count == 5)
        // A centre is the mean of its points.
        for corner in 0..<5 {
            let mean = (0..<2).map { column in
                stride(from: corner, to: 60, by: 5).reduce(Float(0)) { $0 + points[$1, column] } / 12
            }
            #expect(Self.squaredDistance(quantizer.codebooks[0].row(codes[corner]), mean) < 1e-8)
        }
    }

    @Test("The same seed gives the same codebooks, another seed others")
    func seeds() throws {
        func fitted(_ seed: UInt64) throws -> ResidualQuantizer {
            try ResidualQuantizer(
                fitting: Self.vectors, configuration: .init(levels: 2, codebookSize: 12), seed: seed)
        }
        #expect(try fitted(1) == fitted(1))
        #expect(try fitted(1) != fitted(2))
    }

    @Test("Every centre is used, also with more codes than different vectors")
    func noEmptyClusters() throws {
        let few = Matrix((0..<30).map { [Float($0 % 3), 1] })
        let quantizer = try ResidualQuantizer(fitting: few, configuration: .init(levels: 2, codebookSize: 16))
        #expect(quantizer.codebooks.map(\.rows) == [3, 1])
        #expect(try quantizer.vectors(of: quantizer.codes(of: few)) == few)
        let many = try ResidualQuantizer(fitting: Self.vectors, configuration: .init(levels: 2, codebookSize: 100))
        let codes = try many.codes(of: Self.vectors)
        for level in 0..<2 { #expect(Set(codes.map { $0[level] }).count == many.codebooks[level].rows) }
    }

    @Test("What cannot be quantised is refused")
    func refusals() throws {
        var broken = Self.vectors
        broken.elements[7] = .nan
        let attempts: [(ISRFError.Code, () throws -> Void)] = [
            (.invalidData, { _ = try ResidualQuantizer(fitting: broken) }),
            (.invalidData, { _ = try ResidualQuantizer(fitting: Matrix(rows: 0, columns: 4)) }),
            (.invalidData, { _ = try ResidualQuantizer(codebooks: []) }),
            (.invalidData, { _ = try ResidualQuantizer(codebooks: [Matrix([[1, 2]]), Matrix([[1]])]) }),
            (.invalidData, { _ = try ResidualQuantizer(codebooks: [Matrix([[1, 2]])]).codes(of: Matrix([[1]])) }),
            (.notFound, { _ = try ResidualQuantizer(codebooks: [Matrix([[1, 2]])]).vectors(of: [[1]]) }),
            (
                .invalidConfiguration,
                { _ = try ResidualQuantizer(fitting: Self.vectors, configuration: .init(levels: 0, codebookSize: 4)) }
            ),
            (
                .invalidConfiguration,
                { _ = try ResidualQuantizer(fitting: Self.vectors, configuration: .init(levels: 1, codebookSize: 0)) }
            ),
        ]
        for (code, attempt) in attempts {
            let error = #expect(throws: ISRFError.self) { try attempt() }
            #expect(error?.code == code)
        }
    }

    @Test("Cancelled, it stops")
    func cancellation() async throws {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try ResidualQuantizer(fitting: Self.vectors)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
}
