public import ISRFData
public import ISRFNumerics
public struct BipartiteInteractions: Sendable { public init(_ t: InteractionLog) {} }
public struct ItemTransitions: Sendable {
    public struct Configuration: Sendable, Codable, Hashable { public init() {} }
    public let matrix: SparseMatrix
    public init(training: InteractionLog, configuration: Configuration) {
        var rows = [[Int: Float]](repeating: [:], count: training.itemCount)
        let counts = training.itemCounts()
        for h in training.histories { for i in h.indices { for j in h.indices where i != j {
            rows[h[i]][h[j], default: 0] += (j > i ? 1 : 0.7) / Float(abs(i - j)) / Float(counts[h[i]] * counts[h[j]]).squareRoot()
        } } }
        var o = [0]; var c: [Int32] = []; var v: [Float] = []
        for r in rows { for (k, x) in r.sorted(by: { $0.key < $1.key }) { c.append(Int32(k)); v.append(x) }; o.append(c.count) }
        matrix = SparseMatrix(rows: rows.count, columns: rows.count, rowOffsets: o, columnIndices: c, values: v)
    }
}
