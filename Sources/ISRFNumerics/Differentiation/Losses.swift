internal import CKernels
internal import ISRFCore

extension Variable {
    /// The mean cross-entropy of predicting one row of `table` for each row of this variable: a softmax over *all*
    /// rows of the table, with logits that are dot products.
    ///
    /// Logits exist for a few hundred rows at a time only; gradients are made on the way forward.
    /// - Parameters:
    ///   - table: The candidates, one a row, as wide as this variable.
    ///   - targets: For each row of this variable, the row of the table that is right.
    ///   - weights: For each row how much it counts; by default all the same. The result is the weighted mean.
    ///   - reducedPrecision: Whether products are of numbers rounded to bfloat16, with sums in single precision, where
    ///     the processor has them and the width is a multiple of 16.
    /// - Returns: A 1 x 1 variable, in nats.
    public func crossEntropy(
        over table: Variable, targets: [Int], weights: [Float]? = nil, reducedPrecision: Bool = false
    ) -> Variable {
        precondition(targets.count == rows && columns == table.columns, "shapes differ")
        precondition(weights == nil || weights?.count == rows, "there is not one weight for each row")
        let rowsOfTable = 0..<table.rows
        precondition(targets.allSatisfy { rowsOfTable.contains($0) }, "a target is no row of the table")
        let hidden = value
        let candidates = table.value
        let (count, width, choices) = (hidden.rows, hidden.columns, candidates.rows)
        let totalWeight = weights.map { $0.reduce(0, +) } ?? Float(count)
        let scales = weights.map { $0.map { $0 / max(totalWeight, 1e-20) } }
        let even = 1 / Float(max(count, 1))
        let needsHidden = tape.needsGradient(place)
        let needsTable = tape.needsGradient(table.place)
        let parallelism = tape.parallelism
        let blockRows = min(max(count, 1), max(32, 4_194_304 / max(choices, 1)))
        var hiddenShare = Matrix(rows: needsHidden ? count : 0, columns: width)
        var tableShare = Matrix(rows: needsTable ? choices : 0, columns: width)
        var losses = [Double](repeating: 0, count: count)
        let logits = UnsafeMutablePointer<Float>.allocate(capacity: blockRows * choices)
        defer { logits.deallocate() }
        hidden.withElements { hidden in
            candidates.withElements { candidates in
                let rounded =
                    reducedPrecision
                    ? BFloat16CatalogueProducts(
                        table: candidates, choices: choices, width: width, blockRows: blockRows, on: parallelism) : nil
                defer { rounded?.deallocate() }
                let products: any CatalogueProducts =
                    rounded ?? SingleCatalogueProducts(table: candidates, choices: choices, width: width)
                hiddenShare.elements.withUnsafeMutableBufferPointer { hiddenShare in
                    tableShare.elements.withUnsafeMutableBufferPointer { tableShare in
                        losses.withUnsafeMutableBufferPointer { losses in
                            nonisolated(unsafe) let (hidden, logits) = (hidden, logits)
                            nonisolated(unsafe) let hiddenShare = hiddenShare.baseAddress
                            nonisolated(unsafe) let tableShare = tableShare.baseAddress
                            nonisolated(unsafe) let losses = losses
                            for start in stride(from: 0, to: count, by: blockRows) {
                                let block = min(blockRows, count - start)
                                parallelism.forRanges(block, minimum: 16) { range, _ in
                                    let first = logits + range.lowerBound * choices
                                    let place = (start + range.lowerBound) * width
                                    products.writeLogits(of: hidden + place, rows: range, into: first)
                                    for row in range {
                                        losses[start + row] = isrf_softmax_cross_entropy(
                                            logits + row * choices, choices, targets[start + row],
                                            scales?[start + row] ?? even)
                                    }
                                    if needsHidden, let hiddenShare {
                                        products.writeHiddenShare(of: first, rows: range, into: hiddenShare + place)
                                    }
                                }
                                if needsTable, let base = tableShare {
                                    nonisolated(unsafe) let tableShare = base
                                    parallelism.forRanges(choices, minimum: 64) { range, _ in
                                        products.addTableShare(
                                            of: logits, hidden: hidden + start * width, rows: block, choices: range,
                                            into: tableShare)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        var loss = 0.0
        for row in 0..<count { loss += losses[row] * Double(scales?[row] ?? even) }
        let (own, second) = (place, table.place)
        return tape.record(Matrix(rows: 1, columns: 1, repeating: Float(loss)), from: [self, table]) {
            [hiddenShare, tableShare] tape, gradient in
            let factor = gradient.elements[0]
            for (place, share) in [(own, hiddenShare), (second, tableShare)] where !share.elements.isEmpty {
                if factor == 1 {
                    tape.accumulate(place, adding: share)
                } else {
                    tape.accumulate(place) { target in
                        share.withElements {
                            Elementwise.addScaled($0, by: factor, into: target, count: share.elements.count)
                        }
                    }
                }
            }
        }
    }

    /// Dot products of each row with its own few candidates out of a table.
    /// - Parameters:
    ///   - table: One candidate a row, as wide as this variable.
    ///   - candidates: For each row of this variable the same number of rows of the table.
    /// - Returns: As many rows as this variable, a column for each candidate.
    public func scores(of candidates: [[Int]], in table: Variable) -> Variable {
        let choices = candidates.first?.count ?? 0
        precondition(candidates.count == rows && columns == table.columns, "shapes differ")
        precondition(candidates.allSatisfy { $0.count == choices }, "rows differ in their number of candidates")
        let rowsOfTable = 0..<table.rows
        precondition(
            candidates.allSatisfy { $0.allSatisfy { rowsOfTable.contains($0) } }, "a candidate is no row of the table")
        let queries = value
        let vectors = table.value
        let width = columns
        let scores = Matrix(rows: rows, columns: choices) { target in
            queries.withElements { queries in
                vectors.withElements { vectors in
                    for (row, candidates) in candidates.enumerated() {
                        for (place, candidate) in candidates.enumerated() {
                            target[row * choices + place] = Elementwise.dot(
                                queries + row * width, vectors + candidate * width, count: width)
                        }
                    }
                }
            }
        }
        let (own, second) = (place, table.place)
        return tape.record(scores, from: [self, table]) { tape, gradient in
            tape.accumulate(own) { target in
                vectors.withElements { vectors in
                    for (row, candidates) in candidates.enumerated() {
                        for (place, candidate) in candidates.enumerated() {
                            Elementwise.addScaled(
                                vectors + candidate * width, by: gradient[row, place], into: target + row * width,
                                count: width)
                        }
                    }
                }
            }
            tape.accumulate(second) { target in
                queries.withElements { queries in
                    for (row, candidates) in candidates.enumerated() {
                        for (place, candidate) in candidates.enumerated() {
                            Elementwise.addScaled(
                                queries + row * width, by: gradient[row, place], into: target + candidate * width,
                                count: width)
                        }
                    }
                }
            }
        }
    }

    /// The mean cross-entropy of each row's softmax against a fixed distribution over the columns.
    /// - Parameter targets: Of the same shape; each row sums to 1, or is zero and adds nothing to the loss.
    /// - Returns: A 1 x 1 variable, in nats.
    public func crossEntropy(against targets: Matrix) -> Variable {
        precondition(targets.rows == rows && targets.columns == columns, "shapes differ")
        var probabilities = value
        let (rows, columns) = (rows, columns)
        var loss = 0.0
        probabilities.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for row in 0..<rows {
                let logits = base + row * columns
                let normalizer = Float(isrf_log_sum_exp(logits, columns))
                for column in 0..<columns {
                    let logProbability = logits[column] - normalizer
                    loss -= Double(targets[row, column] * logProbability)
                }
                isrf_softmax(logits, columns)
            }
        }
        let scale = 1 / Float(max(rows, 1))
        let own = place
        return tape.record(Matrix(rows: 1, columns: 1, repeating: Float(loss) * scale), from: [self]) {
            [probabilities] tape, gradient in
            let factor = gradient.elements[0] * scale
            tape.accumulate(own) { target in
                for row in 0..<rows {
                    let mass = targets.row(row).reduce(0, +)
                    for column in 0..<columns {
                        target[row * columns + column] +=
                            factor * (mass * probabilities[row, column] - targets[row, column])
                    }
                }
            }
        }
    }
}
