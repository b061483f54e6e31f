import ISRFKit
import ISRFKitTesting
import Testing

@Suite("Conformance suite of text encoders")
struct EncoderConformanceTests {
    @Test("The default encoder and the echoing double keep the contract")
    func defaultsConform() async throws {
        let small = ISRFConfiguration.small.reasoning.encoder
        try await Conformance.violations(of: LatentSemanticEncoder(configuration: small), options: .patient)
            .requireNone()
        try await Conformance.violations(of: EchoingEncoder(), options: .patient).requireNone()
    }

    static let broken: [(name: String, encoder: BrokenEncoder, point: ContractPoint)] = [
        (
            "leaves a row out",
            BrokenEncoder { _, vectors in vectors.selectingRows(Array(0..<max(0, vectors.rows - 1))) }, .shape
        ),
        (
            "has a width for each call",
            BrokenEncoder { texts, vectors in
                let columns = texts.count == 3 ? vectors.columns - 1 : vectors.columns
                return Matrix(rows: vectors.rows, columns: columns, repeating: 1).normalizedRows().zeroing(texts)
            }, .shape
        ),
        (
            "is longer than one",
            BrokenEncoder { _, vectors in
                Matrix(rows: vectors.rows, columns: vectors.columns, elements: vectors.elements.map { 2 * $0 })
            }, .unitRows
        ),
        (
            "says something about nothing",
            BrokenEncoder { texts, vectors in
                var vectors = vectors
                for (row, text) in texts.enumerated() where text.allSatisfy(\.isWhitespace) { vectors[row, 0] = 1 }
                return vectors
            }, .unitRows
        ),
        (
            "is not a number",
            BrokenEncoder { _, vectors in
                var vectors = vectors
                if vectors.rows > 0 { vectors[0, 0] = .nan }
                return vectors
            }, .finite
        ),
        (
            "tells nothing apart",
            BrokenEncoder { texts, vectors in
                Matrix(rows: vectors.rows, columns: vectors.columns, repeating: 1).normalizedRows().zeroing(texts)
            }, .discrimination
        ),
        (
            "turns the order round",
            BrokenEncoder { _, vectors in vectors.selectingRows((0..<vectors.rows).reversed()) },
            .order
        ),
        (
            "draws at random",
            BrokenEncoder { texts, vectors in
                Matrix(
                    rows: vectors.rows, columns: vectors.columns,
                    elements: vectors.elements.map { $0 + .random(in: 0..<1) }
                ).normalizedRows().zeroing(texts)
            }, .determinism
        ),
        (
            "fails on emptiness",
            BrokenEncoder { texts, vectors in
                if texts.contains("") { throw Refusal() }
                return vectors
            }, .failure
        ),
        (
            "does not hear of cancellation",
            BrokenEncoder { _, vectors in
                await stubbornly()
                return vectors
            }, .cancellation
        ),
        ("cannot be asked twice at once", BrokenEncoder(refusesCompany: true) { _, vectors in vectors }, .concurrency),
    ]

    @Test("An encoder that breaks a point is caught", arguments: broken.indices)
    func brokenOnesAreCaught(_ index: Int) async {
        let (name, encoder, point) = Self.broken[index]
        let options = point == .cancellation ? Conformance.Options.strict : .patient
        let violations = await Conformance.violations(of: encoder, options: options)
        #expect(violations.points.contains(point), "\(name): \(violations)")
    }

    @Test("An encoder that cannot be fitted, or not to one text, is caught", arguments: [0, 1])
    func fittingMayNotFail(_ most: Int) async {
        struct Unfitted: TextEncoder {
            let most: Int
            func encode(_ texts: [String]) async throws -> Matrix { try await EchoingEncoder().encode(texts) }
            func fitted(to texts: [String]) async throws -> any TextEncoder {
                if most == 0 || texts.count == most { throw Refusal() }
                return self
            }
        }
        let violations = await Conformance.violations(of: Unfitted(most: most), options: .patient)
        #expect(violations.points == [.failure])
    }
}

/// An echoing encoder with one thing broken.
struct BrokenEncoder: TextEncoder {
    var refusesCompany = false
    let change: @Sendable ([String], Matrix) async throws -> Matrix
    private let company = Company()

    init(refusesCompany: Bool = false, _ change: @escaping @Sendable ([String], Matrix) async throws -> Matrix) {
        self.refusesCompany = refusesCompany
        self.change = change
    }

    func encode(_ texts: [String]) async throws -> Matrix {
        if refusesCompany { try await company.enter() }
        defer { company.leave() }
        return try await change(texts, EchoingEncoder().encode(texts))
    }
}

extension Matrix {
    /// The same with zero rows for texts without words.
    func zeroing(_ texts: [String]) -> Matrix {
        var matrix = self
        for (row, text) in texts.enumerated() where !text.contains(where: { $0.isLetter || $0.isNumber }) {
            for column in 0..<columns { matrix[row, column] = 0 }
        }
        return matrix
    }
}
