import Foundation
import ISRFCore
import ISRFData
import ISRFNumerics
import ISRFReasoning
import Testing

@Suite("Latent semantic encoder")
struct LatentSemanticEncoderTests {
    private let texts = [
        "curl shampoo gentle\nAvalon\nHair > Shampoos", "curl conditioner gentle\nAvalon\nHair > Conditioners",
        "strong hold spray\nFirm\nHair > Styling", "strong gel\nFirm\nHair > Styling",
        "red nail polish\nHair > Shampoos",
        "blue nail polish gentle", "nail file strong", "shampoo strong polish\nAvalon",
    ]

    private func encoder(
        _ configuration: LatentSemanticEncoder.Configuration = .init(), _ texts: [String]? = nil
    ) throws -> LatentSemanticEncoder {
        try LatentSemanticEncoder(configuration: configuration).encoder(fittedTo: texts ?? self.texts)
    }

    private func cosine(_ matrix: Matrix, _ one: Int, _ other: Int) -> Float {
        zip(matrix.row(one), matrix.row(other)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private let plain = ["a1 b1 c1", "a1 b1 d1", "c1 d1 e1", "e1 a1 a1", "b1 e1 f1", "f1 d1"]

    /// The texts of `plain` as TF-IDF rows, computed here from the definition.
    private func plainRows() -> [[Double]] {
        let terms = ["a1", "b1", "c1", "d1", "e1", "f1"]
        let words = plain.map { $0.split(separator: " ").map(String.init) }
        return words.map { text in
            let row = terms.map { term -> Double in
                let count = text.count { $0 == term }
                let frequency = words.count { $0.contains(term) }
                return count == 0 ? 0 : (1 + log(Double(count))) * log(7 / Double(frequency + 1))
            }
            let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return row.map { $0 / norm }
        }
    }

    @Test("With every component kept and the spectrum as it is, similarities are those of TF-IDF")
    func fullRank() async throws {
        let encoder = try encoder(.init(latentDimensions: 64, spectrumPower: 1), plain)
        let encoded = try await encoder.encode(plain)
        let rows = plainRows()
        for one in plain.indices {
            for other in plain.indices {
                let expected = zip(rows[one], rows[other]).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(Double(cosine(encoded, one, other)) - expected) < 1e-4)
            }
        }
    }

    @Test("Truncated vectors span the leading eigenvectors of the dense Gram matrix")
    func truncated() async throws {
        let rank = 3
        let encoder = try encoder(.init(latentDimensions: rank, residualDimensions: 0, spectrumPower: 1), plain)
        let encoded = try await encoder.encode(plain)
        #expect(encoded.columns == rank)
        let rows = plainRows()
        let gram = rows.map { one in rows.map { other in zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } } }
        let (values, vectors) = jacobi(gram)
        let leading = values.indices.sorted { values[$0] > values[$1] }.prefix(rank)
        let projected = rows.indices.map { text in
            let row = leading.map { vectors[text][$0] * values[$0].squareRoot() }
            let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return row.map { $0 / norm }
        }
        for one in rows.indices {
            for other in rows.indices {
                let expected = zip(projected[one], projected[other]).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(Double(cosine(encoded, one, other)) - expected) < 1e-3)
            }
        }
    }

    /// Eigenvalues and eigenvectors (in columns) of a symmetric matrix by Jacobi rotations.
    private func jacobi(_ symmetric: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
        var matrix = symmetric
        let size = matrix.count
        var vectors = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0 } }
        for _ in 0..<60 {
            for p in 0..<size {
                for q in (p + 1)..<size where abs(matrix[p][q]) > 1e-14 {
                    let angle = 0.5 * atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p])
                    let (c, s) = (cos(angle), sin(angle))
                    for k in 0..<size {
                        (matrix[k][p], matrix[k][q]) = (
                            c * matrix[k][p] - s * matrix[k][q], s * matrix[k][p] + c * matrix[k][q]
                        )
                    }
                    for k in 0..<size {
                        (matrix[p][k], matrix[q][k]) = (
                            c * matrix[p][k] - s * matrix[q][k], s * matrix[p][k] + c * matrix[q][k]
                        )
                    }
                    for k in 0..<size {
                        (vectors[k][p], vectors[k][q]) = (
                            c * vectors[k][p] - s * vectors[k][q], s * vectors[k][p] + c * vectors[k][q]
                        )
                    }
                }
            }
        }
        return ((0..<size).map { matrix[$0][$0] }, vectors)
    }

    @Test("Rows have unit length; texts with nothing known are zero")
    func unitRows() async throws {
        let encoder = try encoder(.init(latentDimensions: 4, residualDimensions: 6))
        let encoded = try await encoder.encode(texts + ["", " \n > ", "🎉", "zzqqxx"])
        #expect(encoded.rows == texts.count + 4)
        #expect(encoded.columns == encoder.dimensions)
        for row in texts.indices { #expect(abs(cosine(encoded, row, row) - 1) < 1e-5) }
        for row in texts.count..<encoded.rows { #expect(encoded.row(row).allSatisfy { $0 == 0 }) }
        #expect(try await encoder.encode([]).rows == 0)
    }

    @Test("An unseen word lies next to the words that it resembles")
    func unseenWords() async throws {
        let encoder = try encoder(.init(latentDimensions: 4))
        let encoded = try await encoder.encode(["shampooing", "shampoo", "nail", "polishes", "polish"])
        #expect(abs(cosine(encoded, 0, 0) - 1) < 1e-5)
        #expect(cosine(encoded, 0, 1) > 0.9)
        #expect(cosine(encoded, 0, 1) > cosine(encoded, 0, 2))
        #expect(cosine(encoded, 3, 4) > 0.9)
    }

    @Test("Levels of a path are phrases: a shared level counts as such, and is found in running text")
    func phrases() async throws {
        let texts = [
            "x1 y1\nPets > Food > Dry Fish", "x2 y2\nPets > Food > Dry Fish", "dry season y1", "fish tank x2", "x1 y2",
        ]
        let encoder = try encoder(.init(latentDimensions: 5), texts)
        let terms = try encoder.state().description.terms
        #expect(terms.contains("=dry fish") && terms.contains("=food"))
        let encoded = try await encoder.encode(["Pets > Food > Dry Fish", "the dry fish", "dry", "Pets > Food"])
        #expect(cosine(encoded, 0, 1) > cosine(encoded, 0, 2))
        #expect(cosine(encoded, 0, 3) > 0)
    }

    @Test("A text's vector does not depend on the texts beside it, nor a fit on anything but texts and seed")
    func independent() async throws {
        let first = try encoder(.init(latentDimensions: 4, residualDimensions: 8))
        let second = try encoder(.init(latentDimensions: 4, residualDimensions: 8))
        let all = try await first.encode(texts)
        #expect(try await second.encode(texts) == all)
        for (row, text) in texts.enumerated() { #expect(try await first.encode([text]).row(0) == all.row(row)) }
        let other = try encoder(.init(latentDimensions: 4, residualDimensions: 8, seed: 1))
        #expect(try await other.encode(texts) != all)
    }

    @Test("A state that went through JSON restores an encoder that agrees in every bit")
    func stateRoundTrip() async throws {
        let encoder = try encoder(.init(latentDimensions: 4, residualDimensions: 8))
        let state = try encoder.state()
        let json = try JSONEncoder().encode(state.description)
        let description = try JSONDecoder().decode(LatentSemanticEncoder.State.Description.self, from: json)
        let restored = try LatentSemanticEncoder(state: .init(description: description, matrices: state.matrices))
        let probes = texts + ["shampooing strongly", "new text", ""]
        #expect(try await restored.encode(probes) == encoder.encode(probes))
        #expect(try restored.state() == state)
    }

    @Test("A damaged state is refused")
    func damagedState() throws {
        let state = try encoder().state()
        var missing = state
        missing.matrices["weights"] = nil
        var short = state
        short.description.terms.removeLast()
        var repeated = state
        repeated.description.terms[0] = repeated.description.terms[1]
        var infinite = state
        infinite.matrices["projection"]?.elements[0] = .infinity
        for damaged in [missing, short, repeated, infinite] {
            let error = #expect(throws: ISRFError.self) { try LatentSemanticEncoder(state: damaged) }
            #expect(error?.code == .invalidModel)
        }
    }

    @Test(
        "Small and empty collections are encoded as far as they go",
        arguments: [
            ["one text"], ["same same", "same same"], ["", ""], ["a", "b", "c"], ["x > y"],
        ])
    func smallCollections(texts: [String]) async throws {
        let encoder = try encoder(.init(), texts)
        let encoded = try await encoder.encode(texts)
        #expect(encoder.dimensions >= 1)
        #expect(encoded.columns == encoder.dimensions && encoded.elements.allSatisfy(\.isFinite))
        for (row, text) in texts.enumerated() {
            #expect(abs(cosine(encoded, row, row) - (text.isEmpty ? 0 : 1)) < 1e-5)
        }
    }

    @Test("A text of great length is encoded by its beginning")
    func longText() async throws {
        let long = String(repeating: "w ", count: 40_000)
        let encoded = try await encoder(.init(), [long, "w x"]).encode([long])
        #expect(abs(cosine(encoded, 0, 0) - 1) < 1e-5)
    }

    @Test("An unfitted encoder, no texts, and values out of range are refused")
    func refused() async throws {
        let unfitted = await #expect(throws: ISRFError.self) { try await LatentSemanticEncoder().encode(["a"]) }
        #expect(unfitted?.code == .contractViolation)
        let nothing = #expect(throws: ISRFError.self) { try encoder(.init(), []) }
        #expect(nothing?.code == .invalidData)
        for wrong in [
            LatentSemanticEncoder.Configuration(latentDimensions: 0), .init(residualDimensions: -1),
            .init(minimumDocumentFrequency: 0), .init(maximumTerms: 0), .init(spectrumPower: .nan),
            .init(pathWeight: 0),
        ] {
            let error = #expect(throws: ISRFError.self) { try encoder(wrong) }
            #expect(error?.code == .invalidConfiguration)
        }
    }
}

@Suite("Documents for encoding")
struct ProfileDocumentTests {
    @Test("An item's document has a line for each thing known")
    func itemDocument() {
        let item = Item(
            id: "a", title: "Green\ntea", brand: "Leaf", description: " ", categories: [["Food", "Tea"], []],
            attributes: ["size": ["big"]])
        let profile = ItemProfile(
            item: "a", positive: Reasoned(summary: "For tea lovers.", reasoning: ""),
            negative: Reasoned(summary: "Not for others.", reasoning: ""),
            feature: Reasoned(summary: "Tea.", reasoning: ""))
        #expect(ItemDocument.text(for: item, profile: nil) == "Green tea\nLeaf\nFood > Tea\nbig")
        #expect(ItemDocument.text(for: item, profile: profile) == "Green tea\nLeaf\nFood > Tea\nbig\nFor tea lovers.")
        #expect(ItemDocument.text(for: Item(id: "b"), profile: nil).isEmpty)
    }
}
