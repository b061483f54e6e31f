import ISRFKit

/// A log of users named after their numbers.
func log(_ histories: [[Int]], itemCount: Int) throws -> InteractionLog {
    try InteractionLog(
        users: IdentifierMap(histories.indices.map { "user \($0)" }), histories: histories, itemCount: itemCount)
}

/// Histories with repeated items, an empty one, one of a single item, and items that nobody took.
func randomLog(users: Int = 12, items: Int = 10, seed: UInt64 = 1) throws -> InteractionLog {
    var random = SeededRandom(seed: seed)
    var histories = (0..<users).map { _ in
        (0..<2 + random.index(below: 7)).map { _ in random.index(below: items - 2) }
    }
    histories[3] = []
    histories[5] = [4]
    return try log(histories, itemCount: items)
}

/// A matrix of standard normal numbers.
func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededRandom(seed: seed)
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in random.normal() })
}

/// The greatest difference of two elements; infinite when shapes differ or a number is not finite.
func distance(_ left: Matrix, _ right: Matrix) -> Float {
    guard left.rows == right.rows, left.columns == right.columns else { return .infinity }
    return zip(left.elements, right.elements).reduce(0) {
        let difference = abs($1.0 - $1.1)
        return difference.isFinite ? max($0, difference) : .infinity
    }
}
