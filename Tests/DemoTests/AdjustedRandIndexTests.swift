import Testing

@testable import isrf

@Suite struct AdjustedRandIndexTests {
    @Test func sameDivisionUnderOtherNumbersIsOne() {
        #expect(AdjustedRandIndex([0, 0, 1, 1, 2], [7, 7, 3, 3, 9]).value == 1)
    }

    /// Contingency [[2, 1], [0, 3]]: pairs together 1 + 3 = 4, in the first 3 + 3 = 6, in the second 1 + 6 = 7, of 15.
    /// Expected 6 * 7 / 15 = 2.8, greatest 6.5: (4 - 2.8) / (6.5 - 2.8) = 12 / 37.
    @Test func agreesWithAHandComputedTable() {
        let value = AdjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]).value
        #expect(abs(value - 12.0 / 37) < 1e-12)
    }

    /// Every group cut across: pairs together 0, 2 in each, of 6. Expected 2 / 3: (0 - 2 / 3) / (2 - 2 / 3) = -1 / 2.
    @Test func isNegativeBelowChance() {
        #expect(abs(AdjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1]).value + 0.5) < 1e-12)
    }

    /// One group against several agrees no better than chance would.
    @Test func oneGroupSaysNothing() {
        #expect(AdjustedRandIndex([0, 0, 0, 0], [0, 0, 1, 1]).value == 0)
    }

    @Test func divisionsWithoutChoiceAreEqual() {
        #expect(AdjustedRandIndex([], []).value == 1)
        #expect(AdjustedRandIndex([0], [3]).value == 1)
        #expect(AdjustedRandIndex([0, 0, 0], [1, 1, 1]).value == 1)
        #expect(AdjustedRandIndex([0, 1, 2], [5, 3, 4]).value == 1)
    }

    @Test func isSymmetric() {
        let (first, second) = ([0, 0, 1, 1, 1, 2, 2, 0], [1, 1, 1, 0, 0, 0, 2, 2])
        #expect(AdjustedRandIndex(first, second) == AdjustedRandIndex(second, first))
    }
}
