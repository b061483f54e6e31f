internal import CKernels
internal import ISRFCore

extension Variable {
    /// Causal self-attention with several heads over sequences that lie one after the other, without padding.
    ///
    /// Each position looks at itself and the positions before it in its own sequence; scores are divided by the square
    /// root of the head width.
    /// - Parameters:
    ///   - heads: The number of heads; divides the width.
    ///   - sequences: Where each sequence begins, and last the number of rows: n + 1 ascending numbers.
    /// - Precondition: This variable holds queries, keys and values side by side: 3 x width columns.
    /// - Returns: One row of `width` columns for each position.
    public func causalSelfAttention(heads: Int, sequences: [Int]) -> Variable {
        precondition(columns % 3 == 0 && (columns / 3) % heads == 0, "the width is not a multiple of the heads")
        precondition(sequences.first == 0 && sequences.last == rows, "the sequences do not cover the rows")
        precondition(zip(sequences, sequences.dropFirst()).allSatisfy { $0 <= $1 }, "the sequences do not ascend")
        let input = value
        let width = columns / 3
        let tokens = rows
        let parallelism = tape.parallelism
        let offsets = sequences.map { Int32($0) }
        let stored = sequences.indices.dropLast().reduce(into: [0]) { stored, index in
            let length = sequences[index + 1] - sequences[index]
            stored.append(stored[index] + heads * length * length)
        }
        var probabilities = [Float](repeating: 0, count: stored.last ?? 0)
        let sequenceCount = sequences.count - 1
        let output = Matrix(rows: tokens, columns: width) { target in
            input.withElements { source in
                probabilities.withUnsafeMutableBufferPointer { probabilities in
                    guard let base = probabilities.baseAddress else { return }
                    nonisolated(unsafe) let (source, target, probabilities) = (source, target, base)
                    parallelism.forRanges(sequenceCount, minimum: 4) { range, _ in
                        isrf_causal_attention_forward(
                            source, source + width, source + 2 * width, 3 * width, target, width, width, heads, offsets,
                            range.lowerBound, range.upperBound, stored, probabilities)
                    }
                }
            }
        }
        let own = place
        return tape.record(output, from: [self]) { [probabilities] tape, gradient in
            tape.accumulate(own) { target in
                input.withElements { source in
                    output.withElements { output in
                        gradient.withElements { upstream in
                            probabilities.withUnsafeBufferPointer { probabilities in
                                guard let base = probabilities.baseAddress else { return }
                                nonisolated(unsafe) let (source, output) = (source, output)
                                nonisolated(unsafe) let (upstream, target) = (upstream, target)
                                nonisolated(unsafe) let probabilities = base
                                parallelism.forRanges(sequenceCount, minimum: 4) { range, _ in
                                    isrf_causal_attention_backward(
                                        source, source + width, source + 2 * width, 3 * width, output, upstream,
                                        width, width, heads, offsets, range.lowerBound, range.upperBound, stored,
                                        probabilities, target, target + width, target + 2 * width, 3 * width)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
