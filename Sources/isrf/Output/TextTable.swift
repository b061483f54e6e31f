/// A table for people: columns as wide as their widest cell, two spaces apart.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ alignments: [Alignment], header: [String]? = nil) {
        self.alignments = alignments
        if let header { rows.append(header) }
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    /// The rows, each with `indent` before it.
    func text(indent: String = "") -> String {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return alignments[column] == .right ? padding + cell : cell + padding
            }
            let line = indent + cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}
