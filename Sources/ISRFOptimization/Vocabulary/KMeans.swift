internal import ISRFCore
internal import ISRFNumerics

/// Lloyd's k-means from k-means++ centres; the same result for the same seed.
struct KMeans {
    /// How many clusters are wanted; there are fewer when there are fewer different points.
    let clusters: Int
    /// Passes at most; it ends earlier when no point changes its cluster.
    let iterations: Int

    /// The centres of the clusters, each with at least one point that is nearest to it.
    func centres(of points: Matrix, using random: inout SeededRandom, on parallelism: Parallelism) throws -> Matrix {
        var centres = try seeds(points, using: &random)
        var assignment = KMeans.nearest(centres, to: points, on: parallelism)
        for _ in 0..<iterations {
            try Task.checkCancellation()
            centres = moved(centres, points, assignment)
            let next = KMeans.nearest(centres, to: points, on: parallelism)
            if next == assignment { break }
            assignment = next
        }
        return centres.selectingRows(Set(assignment).sorted())
    }

    /// For each point its nearest centre; of several the first.
    static func nearest(_ centres: Matrix, to points: Matrix, on parallelism: Parallelism) -> [Int] {
        // |x - c|^2 is smallest where x·c - |c|^2 / 2 is greatest, and that is a matrix product.
        let halves = (0..<centres.rows).map { row in
            Float(centres.row(row).reduce(0.0) { $0 + Double($1) * Double($1) } / 2)
        }
        let (width, count) = (points.columns, centres.rows)
        // So many rows at a time that the products stay within a few megabytes.
        let block = max(64, 1_048_576 / max(1, count))
        var nearest: [Int] = []
        nearest.reserveCapacity(points.rows)
        for start in stride(from: 0, to: points.rows, by: block) {
            let end = min(start + block, points.rows)
            let rows = Matrix(
                rows: end - start, columns: width, elements: Array(points.elements[start * width..<end * width]))
            let products = rows.multiplied(by: centres, transposeOther: true, on: parallelism)
            products.withElements { base in
                for row in 0..<products.rows {
                    let values = base + row * count
                    var best = 0
                    for centre in 1..<max(1, count)
                    where values[centre] - halves[centre] > values[best] - halves[best] { best = centre }
                    nearest.append(best)
                }
            }
        }
        return nearest
    }

    /// The means of the clusters; a cluster without points starts anew at the point that is farthest from its centre.
    private func moved(_ centres: Matrix, _ points: Matrix, _ assignment: [Int]) -> Matrix {
        let width = points.columns
        var sums = [Double](repeating: 0, count: centres.elements.count)
        var sizes = [Int](repeating: 0, count: centres.rows)
        for (point, centre) in assignment.enumerated() {
            sizes[centre] += 1
            for column in 0..<width {
                sums[centre * width + column] += Double(points.elements[point * width + column])
            }
        }
        var moved = centres
        for centre in 0..<centres.rows where sizes[centre] > 0 {
            for column in 0..<width {
                moved[centre, column] = Float(sums[centre * width + column] / Double(sizes[centre]))
            }
        }
        let empty = sizes.indices.filter { sizes[$0] == 0 }
        guard !empty.isEmpty else { return moved }
        let distances = points.withElements { points in
            moved.withElements { centres in
                assignment.enumerated().map { point, centre in
                    KMeans.squaredDistance(points + point * width, centres + centre * width, width)
                }
            }
        }
        for (centre, farthest) in zip(empty, distances.greatest(empty.count)) where farthest.value > 0 {
            for column in 0..<width { moved[centre, column] = points[farthest.index, column] }
        }
        return moved
    }

    /// k-means++: each further centre is a point, drawn in proportion to its squared distance to the nearest so far.
    private func seeds(_ points: Matrix, using random: inout SeededRandom) throws -> Matrix {
        var chosen = [random.index(below: points.rows)]
        var distances = [Float](repeating: .infinity, count: points.rows)
        while true {
            try Task.checkCancellation()
            KMeans.reduce(&distances, by: points, centre: chosen[chosen.count - 1])
            let total = distances.reduce(0.0) { $0 + Double($1) }
            guard chosen.count < clusters, total > 0 else { return points.selectingRows(chosen) }
            var mark = Double(random.next() >> 11) * 0x1p-53 * total
            var drawn = chosen[0]
            for (point, distance) in distances.enumerated() where distance > 0 {
                drawn = point
                mark -= Double(distance)
                if mark < 0 { break }
            }
            chosen.append(drawn)
        }
    }

    private static func reduce(_ distances: inout [Float], by points: Matrix, centre: Int) {
        let width = points.columns
        points.withElements { base in
            for row in 0..<points.rows {
                distances[row] = min(distances[row], squaredDistance(base + row * width, base + centre * width, width))
            }
        }
    }

    // From differences, so that equal points have the distance 0.
    private static func squaredDistance(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int
    ) -> Float {
        var sum: Float = 0
        for index in 0..<count {
            let difference = left[index] - right[index]
            sum += difference * difference
        }
        return sum
    }
}
