import Foundation

/// A BERT encoder by its definition: plain loops in double precision over one text.
struct PlainBERT {
    let model: TinySentenceModel

    private func linear(_ name: String, _ rows: [[Double]]) -> [[Double]] {
        let (weights, bias) = (model.numbers(name + ".weight"), model.numbers(name + ".bias"))
        return rows.map { row in
            bias.indices.map { output in
                row.indices.reduce(Double(bias[output])) { $0 + Double(weights[output * row.count + $1]) * row[$1] }
            }
        }
    }

    private func normalised(_ name: String, _ rows: [[Double]]) -> [[Double]] {
        let (gain, shift) = (model.numbers(name + ".weight"), model.numbers(name + ".bias"))
        return rows.map { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.indices.map {
                (row[$0] - mean) / (variance + 1e-12).squareRoot() * Double(gain[$0]) + Double(shift[$0])
            }
        }
    }

    private func sum(_ one: [[Double]], _ other: [[Double]]) -> [[Double]] {
        zip(one, other).map { zip($0, $1).map { $0 + $1 } }
    }

    private func attention(_ layer: String, _ rows: [[Double]]) -> [[Double]] {
        let parts = ["query", "key", "value"].map { linear("\(layer).attention.self.\($0)", rows) }
        let size = model.width / model.heads
        var result = rows
        for head in 0..<model.heads {
            let columns = head * size..<(head + 1) * size
            for place in rows.indices {
                let scores = rows.indices.map { other in
                    columns.reduce(0) { $0 + parts[0][place][$1] * parts[1][other][$1] } / Double(size).squareRoot()
                }
                let weights = scores.map { exp($0) }
                for column in columns {
                    let products = rows.indices.map { weights[$0] * parts[2][$0][column] }
                    result[place][column] = products.reduce(0, +) / weights.reduce(0, +)
                }
            }
        }
        return result
    }

    /// The unit vector of the numbers of word pieces, those before and after the text included.
    func vector(_ tokens: [Int], tanhForm: Bool = false) -> [Double] {
        let width = model.width
        func embedding(_ name: String, _ row: Int) -> [Double] {
            model.numbers("embeddings.\(name).weight")[row * width..<(row + 1) * width].map { Double($0) }
        }
        var rows = tokens.enumerated().map { place, token in
            sum(
                sum([embedding("word_embeddings", token)], [embedding("position_embeddings", place)]),
                [embedding("token_type_embeddings", 0)])[0]
        }
        rows = normalised("embeddings.LayerNorm", rows)
        for number in 0..<model.layers {
            let layer = "encoder.layer.\(number)"
            let attended = linear("\(layer).attention.output.dense", attention(layer, rows))
            rows = normalised("\(layer).attention.output.LayerNorm", sum(rows, attended))
            let activated = linear("\(layer).intermediate.dense", rows).map { row in
                row.map { value in
                    let cubic = value + 0.044715 * value * value * value
                    return tanhForm
                        ? 0.5 * value * (1 + tanh((2 / Double.pi).squareRoot() * cubic))
                        : 0.5 * value * (1 + erf(value / 2.0.squareRoot()))
                }
            }
            rows = normalised("\(layer).output.LayerNorm", sum(rows, linear("\(layer).output.dense", activated)))
        }
        let total = rows.reduce(into: [Double](repeating: 0, count: width)) { total, row in
            for column in 0..<width { total[column] += row[column] }
        }
        let length = total.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return total.map { $0 / length }
    }
}
