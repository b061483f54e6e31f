/// A dense matrix of single-precision numbers, stored row after row.
///
/// A value type: copies share storage until one of them is changed. A shape mismatch is a programming error and traps.
public struct Matrix: Sendable, Equatable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// All elements, row after row: element (r, c) is at `r * columns + c`. Their number must stay `rows * columns`.
    public var elements: [Float]

    /// A matrix of the given shape from its elements, row after row.
    public init(rows: Int, columns: Int, elements: [Float]) {
        precondition(rows >= 0 && columns >= 0 && elements.count == rows * columns, "elements do not fill the shape")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// A matrix with every element equal to `value`.
    public init(rows: Int, columns: Int, repeating value: Float = 0) {
        self.init(rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
    }

    /// A matrix from rows of equal length.
    public init(_ rows: [[Float]]) {
        let columns = rows.first?.count ?? 0
        precondition(rows.allSatisfy { $0.count == columns }, "rows differ in length")
        self.init(rows: rows.count, columns: columns, elements: Array(rows.joined()))
    }

    /// The element in the given row and column.
    @inlinable public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(column >= 0 && column < columns, "no such column")
            return elements[row * columns + column]
        }
        set {
            precondition(column >= 0 && column < columns, "no such column")
            elements[row * columns + column] = newValue
        }
    }

    /// Traps when elements have been added or removed; asked before memory is read without further checks.
    func requireShape() {
        precondition(elements.count == rows * columns, "elements do not fill the shape")
    }

    /// A copy of one row, `columns` elements long.
    public func row(_ index: Int) -> [Float] {
        Array(elements[index * columns..<(index + 1) * columns])
    }

    /// This matrix's rows followed by those of another of the same width.
    public func appendingRows(of other: Matrix) -> Matrix {
        precondition(columns == other.columns, "widths differ")
        return Matrix(rows: rows + other.rows, columns: columns, elements: elements + other.elements)
    }
}
