internal import ISRFKit

/// Vectors in groups of groups, as those of items in categories: always the same.
struct DrawnVectors {
    let items: Int
    let width: Int
    var groups = 100
    var parts = 100

    func matrix() -> Matrix {
        var random = SeededRandom(seed: 1)
        func drawn(_ rows: Int, _ deviation: Float) -> Matrix {
            var matrix = Matrix(rows: rows, columns: width)
            for index in matrix.elements.indices { matrix.elements[index] = random.normal() * deviation }
            return matrix
        }
        let group = drawn(groups, 0.1)
        let part = drawn(groups * parts, 0.05)
        let places = (0..<items).map { _ in random.index(below: groups * parts) }
        var vectors = drawn(items, 0.03)
        vectors.elements.withUnsafeMutableBufferPointer { vectors in
            for (item, place) in places.enumerated() {
                for column in 0..<width {
                    vectors[item * width + column] += group[place / parts, column] + part[place, column]
                }
            }
        }
        return vectors
    }
}
