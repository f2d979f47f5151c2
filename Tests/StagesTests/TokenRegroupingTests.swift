import Elements
import StateFixtures
import Synchronization
import Testing

@testable import Stages

@Suite struct TokenRegroupingTests {
    private func batch(_ contexts: [[Int]], reached: [Fence] = []) -> ContextBatch {
        ContextBatch(
            contexts: contexts.map { context in
                Context(
                    tokens: Array(repeating: UInt32(context[0]), count: context[1]), document: Fixture.hash(0),
                    timestamp: 0, source: nil)
            }, reached: reached)
    }

    private func shape(_ batch: ContextBatch) -> [[Int]] {
        batch.contexts.map { [Int($0.tokens.first ?? 0), $0.tokens.count] }
    }

    /// The batches that whole contexts, each of a number and a length, are grouped into: those of full size, and the rest.
    private func regrouped(_ batches: [[[Int]]], tokens: Int) -> (whole: [[[Int]]], rest: [[[Int]]]) {
        var grouping = TokenRegrouping { tokens }
        var (whole, rest): ([[[Int]]], [[[Int]]]) = ([], [])
        for contexts in batches {
            grouping.gather(batch(contexts))
            while grouping.isFull, let taken = grouping.take() { whole.append(shape(taken)) }
        }
        while let taken = grouping.take() { rest.append(shape(taken)) }
        return (whole, rest)
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
        #expect(TokenRegrouping { 10 }.isEmpty)
    }

    @Test func theSizeIsAskedForAnewForEachBatch() {
        let limit = Mutex(5)
        var grouping = TokenRegrouping { limit.withLock { $0 } }
        grouping.gather(batch((1...4).map { [$0, 5] }))
        #expect(grouping.take().map(shape) == [[1, 5]])
        limit.withLock { $0 = 10 }
        #expect(grouping.take().map(shape) == [[2, 5], [3, 5]])
        #expect(!grouping.isFull)
    }

    @Test func aBatchBringsTheFencesOfItsOwnContextsAndOfNoLaterOnes() {
        func context(_ number: Int, next: Int64, within contexts: Int = 0) -> Context {
            Context(
                tokens: [UInt32(number), 0, 0, 0, 0], document: Fixture.hash(0), timestamp: 0, source: nil,
                reached: Fence(
                    source: "corpus", topic: "texts", partition: 0, next: next, last: nil, contexts: contexts))
        }
        var grouping = TokenRegrouping { 10 }
        let other = Fixture.fence(partition: 1, next: 40)
        // The record at 2 gave no context.
        grouping.gather(
            ContextBatch(contexts: [context(1, next: 1)], reached: [Fixture.fence(next: 3), other]))
        grouping.gather(ContextBatch(contexts: [context(2, next: 3, within: 1), context(3, next: 4)]))
        let first = grouping.take()
        #expect(first?.contexts.map { $0.tokens[0] } == [1, 2])
        #expect(first?.reached.map(\.next) == [3, 40] && first?.reached.map(\.contexts) == [1, 0])
        #expect(grouping.take()?.reached == [Fixture.fence(next: 4)])
    }

    @Test func recordsWithoutContextsMoveFencesToo() {
        var grouping = TokenRegrouping { 10 }
        grouping.gather(ContextBatch(contexts: [], reached: [Fixture.fence(next: 3)]))
        #expect(!grouping.isEmpty && !grouping.isFull)
        let taken = grouping.take()
        #expect(taken?.contexts.isEmpty == true && taken?.reached == [Fixture.fence(next: 3)])
        #expect(grouping.isEmpty)
    }
}
