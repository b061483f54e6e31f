internal import ISRFCore
public import ISRFNumerics
public import ISRFOptimization
public import ISRFUserGraph

extension Conformance {
    /// Somebody whom a model is asked about.
    public struct ModelCase: Sendable {
        /// The history as item indices, oldest first.
        public var history: [Int]
        /// The similar users as indices of the training log.
        public var group: [UserGraph.Neighbour]

        /// Creates a case.
        public init(history: [Int], group: [UserGraph.Neighbour]) {
            self.history = history
            self.group = group
        }
    }

    /// Holds a trained model against the contract of `GenerativeModel`.
    /// - Parameters:
    ///   - model: The trained model.
    ///   - cases: Histories and groups that exist in the model; an empty history and an empty group are added.
    ///   - textWidth: The width of the text vectors that the model was trained with.
    ///   - restoring: Makes a model from its state again; leave it out when models are not saved.
    ///   - options: How strictly it is held to its contract.
    public static func violations(
        of model: any GenerativeModel, cases: [ModelCase], textWidth: Int,
        restoring: (@Sendable ([String: Matrix]) throws -> any GenerativeModel)? = nil, options: Options = .init()
    ) -> [ContractViolation] {
        var findings = Findings(options)
        var cases = cases
        let known = cases.first { !$0.history.isEmpty && !$0.group.isEmpty }
        cases.append(ModelCase(history: [], group: []))
        cases.append(ModelCase(history: known?.history ?? [], group: []))
        cases.append(ModelCase(history: [], group: known?.group ?? []))
        ModelSuite(model: model, cases: cases, textWidth: textWidth, restoring: restoring).run(&findings)
        return findings.violations
    }
}

private struct ModelSuite {
    let model: any GenerativeModel
    let cases: [Conformance.ModelCase]
    let textWidth: Int
    let restoring: (@Sendable ([String: Matrix]) throws -> any GenerativeModel)?

    typealias Queries = [GenerationResponse.View: Matrix]

    func run(_ findings: inout Findings) {
        findings.require(
            model.itemVectors.isFinite, .finite, "An item vector holds a number that is not finite.")
        guard let queries = generated(model, cases, "generate(_:)", &findings) else { return }
        _ = generated(model, [], "generate(_:) about nobody", &findings)
        if findings.options.requiresDeterminism, let again = generated(model, cases, "generate(_:)", &findings) {
            findings.require(again == queries, .determinism, "The same request got two different answers.")
        }
        checkOrder(queries, &findings)
        checkIndividualVectors(&findings)
        checkNewItems(queries, &findings)
        checkState(queries, &findings)
    }

    private func generated(
        _ model: any GenerativeModel, _ cases: [Conformance.ModelCase], _ what: String, _ findings: inout Findings
    ) -> Queries? {
        let response: GenerationResponse
        do {
            response = try model.generate(
                GenerationRequest(histories: cases.map(\.history), groups: cases.map(\.group)))
        } catch {
            findings.require(false, .failure, "\(what) threw an error: \(error)")
            return nil
        }
        findings.require(!response.queries.isEmpty, .shape, "\(what) gave no view at all.")
        for (view, query) in response.queries {
            guard
                findings.require(
                    query.rows == cases.count && query.columns == model.itemVectors.columns, .shape,
                    "\(what): the view \(view) is \(query.rows) x \(query.columns); \(cases.count) histories and item "
                        + "vectors of width \(model.itemVectors.columns) were expected.")
            else { return nil }
            guard
                findings.require(
                    query.isFinite, .finite, "\(what): the view \(view) holds a number that is not finite.")
            else { return nil }
        }
        return response.queries
    }

    private func checkOrder(_ queries: Queries, _ findings: inout Findings) {
        let places = [cases.count - 1, 0, cases.count / 2]
        guard let picked = generated(model, places.map { cases[$0] }, "generate(_:) about three", &findings)
        else { return }
        for (view, query) in queries {
            findings.require(
                picked[view].map { findings.agree($0, query.selectingRows(places)) } ?? false, .order,
                "The view \(view) of a history depends on the others of the request, or rows are not in its order.")
        }
    }

    private func checkIndividualVectors(_ findings: inout Findings) {
        let histories = cases.map(\.history)
        let vectors: Matrix
        do {
            vectors = try model.individualVectors(histories: histories)
        } catch {
            findings.require(false, .failure, "individualVectors(histories:) threw an error: \(error)")
            return
        }
        guard
            findings.require(
                vectors.rows == histories.count, .shape,
                "\(histories.count) histories have \(vectors.rows) individual vectors."),
            findings.require(vectors.isFinite, .finite, "An individual vector holds a number that is not finite.")
        else { return }
        for (row, history) in histories.enumerated() {
            let length = vectors.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard
                findings.require(
                    abs(length - 1) <= 1e-3 || (history.isEmpty && length == 0), .unitRows,
                    "The individual vector of a history of \(history.count) items has length \(length), not 1.")
            else { return }
        }
    }

    private func checkNewItems(_ queries: Queries, _ findings: inout Findings) {
        let known = model.itemVectors
        var texts = InteractionGraphSuite.vectors(rows: 3, columns: textWidth, stream: 9)
        // Nothing is known of the last new item.
        for column in 0..<textWidth { texts[2, column] = 0 }
        let extended: any GenerativeModel
        do {
            extended = try model.addingItems(textVectors: texts)
        } catch {
            findings.require(false, .failure, "addingItems(textVectors:) threw an error: \(error)")
            return
        }
        let vectors = extended.itemVectors
        guard
            findings.require(
                vectors.rows == known.rows + 3 && vectors.columns == known.columns, .newItems,
                "With 3 new items, \(known.rows) x \(known.columns) item vectors became "
                    + "\(vectors.rows) x \(vectors.columns)."),
            findings.require(vectors.isFinite, .finite, "A new item's vector holds a number that is not finite.")
        else { return }
        findings.require(
            vectors.selectingRows(Array(0..<known.rows)) == known, .newItems,
            "New items changed the vectors of known ones.")
        if let after = generated(extended, cases, "generate(_:) with new items", &findings) {
            for (view, query) in queries {
                findings.require(
                    after[view].map { findings.agree($0, query) } ?? false, .newItems,
                    "New items changed the view \(view) of histories that do not hold them.")
            }
        }
        let taken = (0..<3).map { Conformance.ModelCase(history: [known.rows + $0], group: []) }
        _ = generated(extended, taken, "generate(_:) about histories of new items", &findings)
    }

    private func checkState(_ queries: Queries, _ findings: inout Findings) {
        let state = model.state()
        findings.require(
            state.values.allSatisfy(\.isFinite), .finite, "The model's state holds a number that is not finite.")
        guard let restoring else { return }
        do {
            let restored = try restoring(state)
            guard
                findings.require(
                    restored.itemVectors == model.itemVectors, .state,
                    "Restored from its state, the model has other item vectors.")
            else { return }
            if let again = generated(restored, cases, "generate(_:) of the restored model", &findings) {
                findings.require(
                    again == queries, .state, "Restored from its state, the model gives other answers.")
            }
        } catch {
            findings.require(false, .state, "The model could not be restored from its own state: \(error)")
        }
    }
}
