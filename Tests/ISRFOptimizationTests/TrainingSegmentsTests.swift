import ISRFKit
import Testing

@testable import ISRFOptimization

@Suite("Segments of training histories")
struct TrainingSegmentsTests {
    @Test("Every place of every history is read once, whatever the cut", arguments: [1, 2, 3, 7, 20])
    func coverage(length: Int) {
        let histories = (1...70).map { Array(0..<$0) }
        let segments = TrainingSegments(of: histories, length: length)
        for seed in 1...20 {
            var random = SeededRandom(seed: UInt64(seed))
            let cut = segments.cut(Array(histories.indices), using: &random)
            for (user, history) in histories.enumerated() {
                let own = cut.filter { $0.user == user }.map(\.places).sorted { $0.lowerBound < $1.lowerBound }
                #expect(own.count == segments.count(ofUser: user))
                #expect(own.flatMap { Array($0) } == Array(0..<history.count - 1))
                #expect(own.allSatisfy { (1...length).contains($0.count) })
                if own.count > 1, let last = own.last { #expect(last.count >= length - length / 2) }
            }
        }
    }

    @Test("A history that fits is read whole, and a longer one is cut anew each time")
    func cuts() {
        let segments = TrainingSegments(of: [Array(0..<9), Array(0..<21), [4], []], length: 8)
        var random = SeededRandom(seed: 5)
        let cuts = (0..<20).map { _ in segments.cut([0, 1, 2, 3], using: &random) }
        for cut in cuts { #expect(cut.filter { $0.user != 1 } == [TrainingSegment(user: 0, places: 0..<8)]) }
        #expect(Set(cuts).count > 3)
        #expect(segments.cut([0, 1], using: &random).map(\.user) == [0, 1, 1, 1])
    }
}
