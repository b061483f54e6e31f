import Foundation
import ISRFKit
import Testing

@Suite("Ranking metrics")
struct RankingMetricsTests {
    private func rank(_ target: Int, _ scores: [Float], without excluded: [Int] = []) -> Int {
        scores.withUnsafeBufferPointer { RankingMetrics.rank(of: target, in: $0, excluding: excluded) }
    }

    @Test("Hit rate and NDCG of ranks counted by hand")
    func byHand() {
        let ranks = [0, 1, 4, 5, 9, 10, 300]
        #expect(RankingMetrics.hitRate(at: 1, ranks: ranks) == 1.0 / 7)
        #expect(RankingMetrics.hitRate(at: 5, ranks: ranks) == 3.0 / 7)
        #expect(RankingMetrics.hitRate(at: 10, ranks: ranks) == 5.0 / 7)
        #expect(RankingMetrics.ndcg(at: 1, ranks: ranks) == 1.0 / 7)
        let five = (1 + 1 / log2(3.0) + 1 / log2(6.0)) / 7
        #expect(abs(RankingMetrics.ndcg(at: 5, ranks: ranks) - five) < 1e-12)
        let ten = five + (1 / log2(7.0) + 1 / log2(11.0)) / 7
        #expect(abs(RankingMetrics.ndcg(at: 10, ranks: ranks) - ten) < 1e-12)
        #expect(RankingMetrics.hitRate(at: 5, ranks: []) == 0 && RankingMetrics.ndcg(at: 5, ranks: []) == 0)
    }

    @Test("A tie counts against the target")
    func ties() {
        #expect(rank(1, [1, 3, 3, 3, 5]) == 3)
        #expect(rank(0, [2, 2, 2]) == 2)
        #expect(rank(0, [.infinity, 1]) == 0)
        #expect(rank(1, [-.infinity, -.infinity]) == 1)
    }

    @Test("Excluded items take no place, however often and in whatever order they are named")
    func exclusion() {
        let scores: [Float] = [9, 8, 7, 6, 5]
        #expect(rank(3, scores) == 3)
        #expect(rank(3, scores, without: [2, 0]) == 1)
        #expect(rank(3, scores, without: [0, 2, 2, 0, 0]) == 1)
        // Items behind the target make no difference, and the target itself is ranked even when it is excluded.
        #expect(rank(3, scores, without: [4]) == 3)
        #expect(rank(3, scores, without: [3, 0]) == 2)
    }
}
