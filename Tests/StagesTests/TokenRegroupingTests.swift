import Elements
import StateFixtures
import Testing

@testable import Stages

@Suite struct TokenRegroupingTests {
    /// The batches that whole contexts, each of a number and a length, are grouped into; the last list is what a flush leaves.
    private func regrouped(_ batches: [[[Int]]], tokens: Int) -> (whole: [[[Int]]], rest: [[[Int]]]) {
        var grouping = TokenRegrouping(tokens: tokens)
        func shape(_ batch: ContextBatch) -> [[Int]] {
            batch.contexts.map { [Int($0.tokens.first ?? 0), $0.tokens.count] }
        }
        let whole = batches.flatMap { contexts in
            grouping.take(
                ContextBatch(
                    contexts: contexts.map { context in
                        Context(
                            tokens: Array(repeating: UInt32(context[0]), count: context[1]),
                            document: Fixture.hash(0), timestamp: 0, source: nil)
                    }))
        }
        return (whole.map(shape), grouping.flush().map(shape))
    }

    @Test func smallBatchesAreGatheredUpToTheNumberOfTokensInOrder() {
        let (whole, rest) = regrouped([[[1, 4]], [[2, 4], [3, 4]], [[4, 2], [5, 4]], [[6, 1]]], tokens: 10)
        #expect(whole == [[[1, 4], [2, 4]], [[3, 4], [4, 2], [5, 4]]])
        #expect(rest == [[[6, 1]]])
    }

    @Test func aLargeBatchIsSplitBetweenContexts() {
        let (whole, rest) = regrouped([(1...5).map { [$0, 5] }], tokens: 10)
        #expect(whole == [[[1, 5], [2, 5]], [[3, 5], [4, 5]]])
        #expect(rest == [[[5, 5]]])
    }

    @Test func aContextLongerThanABatchStandsAlone() {
        let (whole, rest) = regrouped([[[1, 3], [2, 25], [3, 3]]], tokens: 10)
        #expect(whole == [[[1, 3]], [[2, 25]]])
        #expect(rest == [[[3, 3]]])
    }

    @Test func nothingGatheredLeavesNothing() {
        let (whole, rest) = regrouped([[], []], tokens: 10)
        #expect(whole.isEmpty && rest.isEmpty)
    }

    @Test func aFlushBeginsAnew() {
        var grouping = TokenRegrouping(tokens: 10)
        let batch = ContextBatch(contexts: [
            Context(tokens: [1, 1], document: Fixture.hash(0), timestamp: 0, source: nil)
        ])
        #expect(grouping.take(batch).isEmpty)
        #expect(grouping.flush().count == 1)
        #expect(grouping.flush().isEmpty)
    }
}
