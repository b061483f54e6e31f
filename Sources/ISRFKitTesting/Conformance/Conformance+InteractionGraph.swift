internal import ISRFCore
public import ISRFData
public import ISRFInteractionGraph
internal import ISRFNumerics

extension Conformance {
    /// Holds a graph and its propagation against the contracts of `InteractionGraph` and `GraphPropagation`.
    ///
    /// Graphs are built from a generated log, and from a small one with an empty history, repeated interactions and an
    /// item that nobody took.
    public static func violations(
        of graph: any InteractionGraph, options: Options = .init()
    ) async -> [ContractViolation] {
        var findings = Findings(options)
        let sample = SampleData.standard
        let request = InteractionGraphRequest(
            training: sample.log, itemVectors: InteractionGraphSuite.vectors(rows: sample.catalogue.count, columns: 8))
        if let built = await findings.attempt("build(_:)", { try await graph.build(request) }) {
            InteractionGraphSuite.check(built, of: request.training, "The graph", &findings)
            if options.requiresDeterminism, let again = try? await graph.build(request) {
                findings.require(
                    again.transitions == built.transitions, .determinism,
                    "The same log gave two graphs with different item-item strengths.")
            }
        }
        if let log = InteractionGraphSuite.smallLog {
            let small = InteractionGraphRequest(
                training: log, itemVectors: InteractionGraphSuite.vectors(rows: log.itemCount, columns: 4))
            if let built = await findings.attempt("build(_:) of a small log", { try await graph.build(small) }) {
                InteractionGraphSuite.check(built, of: log, "The graph of a small log", &findings)
                findings.add(violations(of: built.propagation, training: log, options: options))
            }
        }
        await findings.requireCancellation("build(_:)") { _ = try await graph.build(request) }
        return findings.violations
    }

    /// Holds a propagation against the contract of `GraphPropagation`.
    /// - Parameters:
    ///   - propagation: The propagation of a graph that was built from `training`.
    ///   - training: The log; a dozen users and items are enough, for gradients are compared with finite differences.
    ///   - options: How strictly it is held to its contract.
    public static func violations(
        of propagation: any GraphPropagation, training: InteractionLog, options: Options = .init()
    ) -> [ContractViolation] {
        var findings = Findings(options)
        PropagationSuite(propagation: propagation, training: training).run(&findings)
        return findings.violations
    }
}

enum InteractionGraphSuite {
    static func vectors(rows: Int, columns: Int, stream: UInt64 = 1) -> Matrix {
        var random = SeededRandom(seed: 11, stream: stream)
        return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
            .normalizedRows()
    }

    /// Five users, six items: an empty history, a repeated interaction, a single one, an item that nobody took.
    static let smallLog = try? InteractionLog(
        users: IdentifierMap(["a", "b", "c", "d", "e"]),
        histories: [[0, 1, 2], [1, 2, 1, 3], [], [4], [3, 0, 4]], itemCount: 6)

    static func check(
        _ graph: SemanticInteractionGraph, of log: InteractionLog, _ subject: String, _ findings: inout Findings
    ) {
        let interactions = graph.interactions
        guard
            findings.require(
                interactions.userCount == log.userCount && interactions.itemCount == log.itemCount, .edges,
                "\(subject) has \(interactions.userCount) users and \(interactions.itemCount) items; the log has "
                    + "\(log.userCount) and \(log.itemCount).")
        else { return }
        let wrong = log.histories.indices.first {
            interactions.items(ofUser: $0) != Set(log.histories[$0]).sorted()
        }
        findings.require(
            wrong == nil, .edges,
            "\(subject) does not join user \(wrong ?? 0) to the items of the training log and to those alone.")
        let matrix = graph.transitions.matrix
        guard
            findings.require(
                matrix.rows == log.itemCount && matrix.columns == log.itemCount, .transitions,
                "\(subject) has item-item strengths for \(matrix.rows) x \(matrix.columns) items; there are "
                    + "\(log.itemCount).")
        else { return }
        findings.require(
            matrix.values.allSatisfy { $0.isFinite && $0 >= 0 }, .transitions,
            "\(subject) has an item-item strength that is negative or not finite.")
    }
}

private struct PropagationSuite {
    let propagation: any GraphPropagation
    let training: InteractionLog
    private let width = 3

    func run(_ findings: inout Findings) {
        let users = InteractionGraphSuite.vectors(rows: training.userCount, columns: width, stream: 2)
        let items = InteractionGraphSuite.vectors(rows: training.itemCount, columns: width, stream: 3)
        guard let plain = propagated(users, items, [], &findings) else { return }
        for (result, input, side) in [(plain.users, users, "users"), (plain.items, items, "items")] {
            guard
                findings.require(
                    result.rows == input.rows && result.columns == input.columns, .shape,
                    "Vectors of \(input.rows) \(side), \(input.columns) wide, became \(result.rows) x \(result.columns)."
                )
            else { return }
            guard
                findings.require(
                    result.isFinite, .finite, "A propagated vector of \(side) holds a number that is not finite.")
            else { return }
        }
        checkExclusion(users, items, plain, &findings)
        if findings.options.requiresDeterminism, let again = propagated(users, items, [], &findings) {
            findings.require(again == plain, .determinism, "The same vectors were propagated to different ones.")
        }
        for excluded in [[], [0]] as [[Int]] { checkGradients(users, items, excluded, &findings) }
    }

    private struct Values: Equatable {
        var users: Matrix
        var items: Matrix
    }

    private func propagated(
        _ users: Matrix, _ items: Matrix, _ excluded: [Int], _ findings: inout Findings
    ) -> Values? {
        let tape = Tape()
        do {
            let result = try propagation.propagate(
                NodeVectors(users: tape.constant(users), items: tape.constant(items)), excludingUsers: excluded)
            return Values(users: result.users.value, items: result.items.value)
        } catch {
            findings.require(false, .failure, "propagate(_:excludingUsers:) threw an error: \(error)")
            return nil
        }
    }

    /// Nothing may pass between an excluded user and the rest, and the next call is as if nobody had been excluded.
    private func checkExclusion(_ users: Matrix, _ items: Matrix, _ plain: Values, _ findings: inout Findings) {
        guard let user = training.histories.firstIndex(where: { !$0.isEmpty }) else { return }
        var otherUsers = users
        for column in 0..<width { otherUsers[user, column] += 5 }
        var otherItems = items
        for item in 0..<items.rows {
            for column in 0..<width { otherItems[item, column] -= 3 }
        }
        guard let excluded = propagated(users, items, [user], &findings),
            let changedUser = propagated(otherUsers, items, [user], &findings),
            let changedItems = propagated(users, otherItems, [user], &findings),
            let after = propagated(users, items, [], &findings)
        else { return }
        findings.require(
            findings.agree(changedUser.items, excluded.items), .exclusion,
            "The vector of an excluded user reaches items: the user's edges must carry nothing.")
        findings.require(
            findings.agree(
                changedItems.users.selectingRows([user]), excluded.users.selectingRows([user])), .exclusion,
            "Item vectors reach an excluded user: the user's edges must carry nothing.")
        findings.require(
            findings.agree(after.users, plain.users) && findings.agree(after.items, plain.items), .exclusion,
            "Users who were excluded from one call are missing in the next one.")
    }

    /// Compares the gradients of a weighted sum of all outputs with central differences.
    private func checkGradients(_ users: Matrix, _ items: Matrix, _ excluded: [Int], _ findings: inout Findings) {
        let userWeights = InteractionGraphSuite.vectors(rows: users.rows, columns: width, stream: 4)
        let itemWeights = InteractionGraphSuite.vectors(rows: items.rows, columns: width, stream: 5)
        let tape = Tape()
        let (userInput, itemInput) = (tape.variable(users), tape.variable(items))
        guard
            let result = try? propagation.propagate(
                NodeVectors(users: userInput, items: itemInput), excludingUsers: excluded),
            findings.require(
                result.users.tape === tape && result.items.tape === tape, .differentiability,
                "Propagated vectors are on another tape than their inputs.")
        else { return }
        let sum =
            result.users.multiplied(elementwise: tape.constant(userWeights)).sum()
            + result.items.multiplied(elementwise: tape.constant(itemWeights)).sum()
        tape.backward(from: sum)
        func total(_ users: Matrix, _ items: Matrix) -> Double? {
            guard let values = propagated(users, items, excluded, &findings) else { return nil }
            var total = 0.0
            for (value, weight) in zip(values.users.elements, userWeights.elements) { total += Double(value * weight) }
            for (value, weight) in zip(values.items.elements, itemWeights.elements) { total += Double(value * weight) }
            return total
        }
        let step: Float = 1.0 / 64
        for (side, input, gradient) in [
            ("user", users, tape.gradient(of: userInput)), ("item", items, tape.gradient(of: itemInput)),
        ] {
            for index in input.elements.indices {
                var (up, down) = (input, input)
                up.elements[index] += step
                down.elements[index] -= step
                guard let high = side == "user" ? total(up, items) : total(users, up),
                    let low = side == "user" ? total(down, items) : total(users, down)
                else { return }
                let expected = (high - low) / Double(2 * step)
                let found = Double(gradient.elements[index])
                guard
                    findings.require(
                        abs(expected - found) <= 0.01 * max(0.1, abs(expected)), .differentiability,
                        "The gradient with respect to number \(index % width) of \(side) \(index / width) is \(found); "
                            + "finite differences give \(expected).")
                else { return }
            }
        }
    }
}
