internal import CKernels
public import ISRFCore

extension Variable {
    /// The logistic function of every element: 1 / (1 + exp(-x)).
    public func sigmoid() -> Variable {
        let output = value.sigmoid()
        let own = place
        return tape.record(output, from: [self]) { tape, gradient in
            tape.accumulate(own) { target in
                for (index, share) in output.elements.enumerated() {
                    target[index] += gradient.elements[index] * share * (1 - share)
                }
            }
        }
    }

    /// The Gaussian error linear unit of every element, in its tanh form.
    public func gelu() -> Variable {
        let input = value
        let parallelism = tape.parallelism
        let count = input.elements.count
        let output = Matrix(rows: input.rows, columns: input.columns) { target in
            input.withElements { source in
                nonisolated(unsafe) let (source, target) = (source, target)
                parallelism.forRanges(count, minimum: 16384) { range, _ in
                    isrf_gelu(source + range.lowerBound, target + range.lowerBound, range.count)
                }
            }
        }
        let own = place
        return tape.record(output, from: [self]) { tape, gradient in
            tape.accumulate(own) { target in
                input.withElements { source in
                    gradient.withElements { upstream in
                        nonisolated(unsafe) let (source, upstream, target) = (source, upstream, target)
                        parallelism.forRanges(count, minimum: 16384) { range, _ in
                            let start = range.lowerBound
                            isrf_gelu_backward(source + start, upstream + start, target + start, range.count)
                        }
                    }
                }
            }
        }
    }

    /// Every row divided by its root mean square, then multiplied by `gain` (one row, as wide as the matrix).
    public func rootMeanSquareNormalized(gain: Variable, epsilon: Float = 1e-6) -> Variable {
        precondition(gain.rows == 1 && gain.columns == columns, "the gain is not as wide as the matrix")
        let input = value
        let factor = gain.value
        let (rows, columns) = (input.rows, input.columns)
        var inverse = [Float](repeating: 0, count: rows)
        let output = Matrix(rows: rows, columns: columns) { target in
            input.withElements { source in
                factor.withElements { factor in
                    inverse.withUnsafeMutableBufferPointer { inverse in
                        guard let inverse = inverse.baseAddress else { return }
                        isrf_rms_norm(source, factor, target, inverse, rows, columns, epsilon)
                    }
                }
            }
        }
        let (own, second) = (place, gain.place)
        return tape.record(output, from: [self, gain]) { [inverse] tape, gradient in
            var gainShare = Matrix(rows: 1, columns: columns)
            var inputShare = Matrix(rows: rows, columns: columns)
            gradient.withElements { upstream in
                input.withElements { source in
                    factor.withElements { factor in
                        inverse.withUnsafeBufferPointer { inverse in
                            gainShare.elements.withUnsafeMutableBufferPointer { gainShare in
                                inputShare.elements.withUnsafeMutableBufferPointer { inputShare in
                                    guard let inverse = inverse.baseAddress, let gainShare = gainShare.baseAddress,
                                        let inputShare = inputShare.baseAddress
                                    else { return }
                                    isrf_rms_norm_backward(
                                        source, factor, inverse, upstream, inputShare, gainShare, rows, columns)
                                }
                            }
                        }
                    }
                }
            }
            tape.accumulate(own, adding: inputShare)
            tape.accumulate(second, adding: gainShare)
        }
    }

    /// Every row divided by its length; rows shorter than `epsilon` are divided by `epsilon`.
    public func unitRows(epsilon: Float = 1e-6) -> Variable {
        let input = value
        let (rows, columns) = (input.rows, input.columns)
        var inverse = [Float](repeating: 0, count: rows)
        let output = Matrix(rows: rows, columns: columns) { target in
            input.withElements { source in
                for row in 0..<rows {
                    let start = source + row * columns
                    let scale = 1 / max(epsilon, Elementwise.dot(start, start, count: columns).squareRoot())
                    inverse[row] = scale
                    for column in 0..<columns { target[row * columns + column] = start[column] * scale }
                }
            }
        }
        let own = place
        return tape.record(output, from: [self]) { [inverse] tape, gradient in
            tape.accumulate(own) { target in
                output.withElements { unit in
                    gradient.withElements { upstream in
                        for row in 0..<rows {
                            let start = row * columns
                            let clamped = inverse[row] >= 1 / epsilon
                            let along =
                                clamped ? 0 : Elementwise.dot(unit + start, upstream + start, count: columns)
                            for column in start..<start + columns {
                                target[column] += inverse[row] * (upstream[column] - along * unit[column])
                            }
                        }
                    }
                }
            }
        }
    }

    /// Sets elements to zero with the given probability and scales the others so that the expectation stays.
    /// - Parameters:
    ///   - probability: In 0..<1; 0 leaves everything as it is.
    ///   - wholeRows: Whether rows are dropped as a whole instead of single elements.
    public func dropout(_ probability: Float, wholeRows: Bool = false, using random: inout SeededRandom) -> Variable {
        precondition(probability >= 0 && probability < 1, "the probability is not in 0..<1")
        guard probability > 0 else { return self }
        let (rows, columns) = (rows, columns)
        let keep = 1 / (1 - probability)
        // One 64-bit draw decides four elements: 16 bits are fine enough for a probability.
        let threshold = UInt64((Double(probability) * 65536).rounded())
        let mask = Matrix(rows: rows, columns: columns) { target in
            var bits: UInt64 = 0
            var left = 0
            for row in 0..<rows {
                var rowFactor: Float = 0
                for column in 0..<columns {
                    if !wholeRows || column == 0 {
                        if left == 0 {
                            bits = random.next()
                            left = 4
                        }
                        rowFactor = (bits & 0xFFFF) >= threshold ? keep : 0
                        bits >>= 16
                        left -= 1
                    }
                    target[row * columns + column] = rowFactor
                }
            }
        }
        return multiplied(elementwise: tape.constant(mask))
    }
}
