internal import ISRFData
internal import ISRFNumerics
public import ISRFReasoning

extension Conformance {
    /// Holds an encoder against the contract of `TextEncoder`.
    ///
    /// The encoder is fitted to the item texts of a small generated data set and encodes those, new texts with unseen
    /// words, texts in other scripts, and texts with nothing to encode.
    /// - Parameters:
    ///   - encoder: The encoder as the host would give it to the pipeline.
    ///   - texts: What it is fitted to; by default the item texts of `SampleData`. At least two, of different meaning.
    ///   - options: How strictly it is held to its contract.
    public static func violations(
        of encoder: any TextEncoder, texts: [String]? = nil, options: Options = .init()
    ) async -> [ContractViolation] {
        var findings = Findings(options)
        let texts = texts ?? SampleData.standard.catalogue.items.map { ItemDocument.text(for: $0, profile: nil) }
        guard let fitted = await findings.attempt("fitted(to:)", { try await encoder.fitted(to: texts) })
        else { return findings.violations }
        await EncoderSuite(encoder: fitted, texts: texts).run(&findings)
        _ = await findings.attempt("fitted(to:) with one text") { try await encoder.fitted(to: [texts[0]]) }
        let text = texts[0]
        await findings.requireCancellation("encode(_:) of many texts") {
            _ = try await fitted.encode(Array(repeating: text, count: 512))
        }
        await findings.requireCancellation("fitted(to:)") { _ = try await encoder.fitted(to: texts) }
        return findings.violations
    }
}

private struct EncoderSuite {
    let encoder: any TextEncoder
    let texts: [String]

    func run(_ findings: inout Findings) async {
        let unusual = [
            texts[0] + " quizzaciously unseen", "Тёплый чайник и чашка", "写真 カメラ", "🙂 !!!", "\u{FEFF}a\r\nb",
        ]
        let asked = texts + unusual
        guard
            let vectors = await findings.attempt("encode(_:)", { try await encoder.encode(asked) }),
            findings.require(
                vectors.rows == asked.count && vectors.columns > 0, .shape,
                "\(asked.count) texts were encoded as \(vectors.rows) rows of \(vectors.columns) numbers.")
        else { return }
        guard
            findings.require(vectors.isFinite, .finite, "A vector holds a number that is not finite.")
        else { return }
        checkLengths(vectors, asked, &findings)
        await checkEmptyTexts(width: vectors.columns, &findings)
        findings.require(
            Set((0..<texts.count).map { vectors.row($0) }).count > 1, .discrimination,
            "All \(texts.count) different texts have the same vector.")
        await checkOrder(vectors, asked, &findings)
        await checkConcurrency(vectors, asked, &findings)
    }

    private func checkLengths(_ vectors: Matrix, _ texts: [String], _ findings: inout Findings) {
        for row in 0..<vectors.rows {
            let length = vectors.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard
                findings.require(
                    length == 0 || abs(length - 1) <= 1e-3, .unitRows,
                    "The vector of \"\(texts[row].prefix(40))\" has length \(length); it must be 1, or 0 for nothing to "
                        + "encode.")
            else { return }
        }
    }

    private func checkEmptyTexts(width: Int, _ findings: inout Findings) async {
        if let none = await findings.attempt("encode(_:) of no text", { try await encoder.encode([]) }) {
            findings.require(none.rows == 0, .shape, "No text was encoded as \(none.rows) rows.")
        }
        let empty = ["", " \n\t"]
        if let zero = await findings.attempt("encode(_:) of empty texts", { try await encoder.encode(empty) }) {
            guard
                findings.require(
                    zero.rows == 2 && zero.columns == width, .shape,
                    "Two empty texts were encoded as \(zero.rows) x \(zero.columns) numbers; 2 x \(width) were expected."
                )
            else { return }
            findings.require(
                zero.elements.allSatisfy { $0 == 0 }, .unitRows,
                "A text with nothing to encode has a vector that is not zero.")
        }
    }

    private func checkOrder(_ vectors: Matrix, _ asked: [String], _ findings: inout Findings) async {
        if let again = try? await encoder.encode(asked), findings.options.requiresDeterminism {
            findings.require(again == vectors, .determinism, "The same texts were encoded as different vectors.")
        }
        let places = [asked.count - 5, 1, 0]
        guard
            let picked = await findings.attempt(
                "encode(_:) of some texts", { try await encoder.encode(places.map { asked[$0] }) }),
            findings.require(
                picked.rows == places.count && picked.columns == vectors.columns, .shape,
                "Three texts were encoded as \(picked.rows) x \(picked.columns) numbers; the width must be "
                    + "\(vectors.columns) in every call.")
        else { return }
        findings.require(
            findings.agree(picked, vectors.selectingRows(places)), .order,
            "A text's vector depends on the other texts of the call, or rows are not in the order of the texts.")
    }

    private func checkConcurrency(_ vectors: Matrix, _ asked: [String], _ findings: inout Findings) async {
        let encoder = encoder
        let answers = await withTaskGroup(of: (Int, Matrix?).self) { group in
            for place in 0..<16 {
                let text = asked[place % asked.count]
                group.addTask { (place % asked.count, try? await encoder.encode([text])) }
            }
            return await group.reduce(into: [(Int, Matrix?)]()) { $0.append($1) }
        }
        for (place, answer) in answers {
            guard
                findings.require(
                    answer.map { findings.agree($0, vectors.selectingRows([place])) } ?? false, .concurrency,
                    "Encoded beside other calls, a text has another vector than alone.")
            else { return }
        }
    }
}
