import Foundation
import ISRFKit
import Testing

@Suite("What graphs and texts say directly")
struct DirectViewsTests {
    static let histories = [[0, 1, 2, 1], [], [5], [3, 3, 6, 0, 1, 2]]
    static let groups: [[UserGraph.Neighbour]] = [
        [.init(user: 3, weight: 0.5), .init(user: 1, weight: 0.25)], [.init(user: 0, weight: 1)], [], [],
    ]

    static func views(decay: Float = 2, damping: Float = 0.7) throws -> DirectViews {
        var configuration = DirectViews.Configuration()
        configuration.historyDecay = decay
        configuration.transitionDecay = decay / 2
        configuration.popularityDamping = damping
        // User 3 took item 4 twice; user 2 has no history; nobody took item 7.
        let training = try makeLog([[0, 1, 2], [3, 4], [], [4, 5, 4, 6, 0]], itemCount: 8)
        return DirectViews(
            configuration: configuration, transitions: ItemTransitions(training: training).matrix,
            textVectors: randomMatrix(8, 4, seed: 1).normalizedRows(), attributes: attributes, training: training)
    }

    /// Items 0 and 3 share one attribute, items 1, 2 and 5 another; item 4 has none.
    static let attributes = SparseMatrix(
        rows: 8, columns: 3,
        entries: [
            (0, 0, 0.6), (0, 2, 0.8), (3, 0, 1), (1, 1, 1), (2, 1, 0.8), (2, 2, 0.6), (5, 1, 1), (6, 2, 1), (7, 2, 1),
        ])

    /// A view's value by its definition.
    static func value(_ views: DirectViews, _ view: ScoreView, row: Int, item: Int) -> Double {
        let history = histories[row]
        func recency(_ place: Int) -> Double {
            let decay =
                view == .transitions ? views.configuration.transitionDecay : views.configuration.historyDecay
            return exp(-Double(history.count - 1 - place) / Double(decay))
        }
        switch view {
        case .transitions:
            let strengths = views.transitions.dense()
            return history.enumerated().reduce(0) { $0 + recency($1.offset) * Double(strengths[$1.element, item]) }
        case .companions:
            let strengths = views.transitions.dense()
            return history.enumerated().reduce(0) {
                $0 + recency($1.offset) * Double(strengths[$1.element, item] + strengths[item, $1.element])
            }
        case .attributes:
            let rows = views.attributes.dense()
            return history.enumerated().reduce(0) {
                $0 + recency($1.offset) * dot(rows.row($1.element), rows.row(item))
            }
        case .popularity:
            return Double(views.training.histories.joined().count { $0 == item })
        case .content:
            let sum = history.enumerated().reduce(0) {
                $0 + recency($1.offset) * dot(views.textVectors.row($1.element), views.textVectors.row(item))
            }
            return max(0, sum)
        case .similarUsers:
            return groups[row].reduce(0) { sum, neighbour in
                let taken = views.training.histories[neighbour.user]
                let times = taken.count { $0 == item }
                let popularity = Double(max(1, views.training.histories.joined().count { $0 == item }))
                return sum
                    + Double(neighbour.weight) * Double(times) / Double(max(1, taken.count)).squareRoot()
                    / pow(popularity, Double(views.configuration.popularityDamping))
            }
        default: return 0
        }
    }

    @Test("Values agree with brute force", arguments: ScoreView.allCases, [1, 3])
    func bruteForce(view: ScoreView, threads: Int) throws {
        for (decay, damping) in [(2, 0.7), (0.5, 0), (100, 1)] as [(Float, Float)] {
            let views = try DirectViewsTests.views(decay: decay, damping: damping)
            let values = views.values(
                view, histories: Self.histories, groups: Self.groups, on: Parallelism(threads: threads))
            #expect(values.rows == 4 && values.columns == 8)
            for row in 0..<4 {
                for item in 0..<8 {
                    let expected = DirectViewsTests.value(views, view, row: row, item: item)
                    #expect(abs(Double(values[row, item]) - expected) < 1e-5)
                }
            }
            // An empty history says nothing itself.
            #expect(values.row(1).allSatisfy { $0 == 0 } == ![.similarUsers, .popularity].contains(view))
        }
    }

    @Test("The most recent item counts one, each decay before it e times less")
    func recency() throws {
        let views = try DirectViewsTests.views(decay: 3)
        #expect(views.recency(place: 4, of: 5, decay: 3) == 1)
        #expect(abs(views.recency(place: 1, of: 5, decay: 3) - Float(exp(-1.0))) < 1e-6)
    }

    @Test(
        "New items are known by texts and attributes, borrow what interactions say, and known items keep their values")
    func addingItems() throws {
        let views = try DirectViewsTests.views()
        let texts = randomMatrix(2, 4, seed: 2).normalizedRows()
        let extended = try views.addingItems(
            textVectors: texts,
            attributes: SparseMatrix(rows: 2, columns: 4, entries: [(0, 1, 0.8), (0, 3, 0.6), (1, 3, 1)]))
        // With eight known items all that are like the new one lend to it.
        let attributes = extended.attributes.dense()
        let likeness = (8..<10).map { new in
            (0..<8).map { item in
                max(0, dot(extended.textVectors.row(new), extended.textVectors.row(item)))
                    + dot(attributes.row(new), attributes.row(item))
            }
        }
        for view in ScoreView.allCases where !view.isGenerative {
            let before = views.values(view, histories: Self.histories, groups: Self.groups, on: .serial)
            let after = extended.values(view, histories: Self.histories, groups: Self.groups, on: .serial)
            #expect(after.columns == 10)
            #expect(distance(after.leadingColumns(8), before) < 1e-6)
            for row in 0..<4 {
                for item in 8..<10 {
                    var expected = 0.0
                    if [.content, .attributes].contains(view) {
                        expected = DirectViewsTests.value(extended, view, row: row, item: item)
                    } else if view != .popularity {
                        let shares = likeness[item - 8]
                        for known in 0..<8 { expected += shares[known] * Double(before[row, known]) }
                        expected /= shares.reduce(0, +)
                    }
                    #expect(abs(Double(after[row, item]) - expected) < 1e-5)
                }
            }
        }
        // A new item's history says what its text says.
        let values = extended.values(.content, histories: [[9]], groups: [[]], on: .serial)
        #expect(abs(values[0, 9] - 1) < 1e-5)
        #expect(
            extended.values(.transitions, histories: [[9]], groups: [[]], on: .serial).elements.allSatisfy { $0 == 0 })
    }
}
