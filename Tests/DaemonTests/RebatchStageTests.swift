import Dataflow
import Elements
import StateFixtures
import Testing

@testable import Daemon

@Suite(.timeLimit(.minutes(1))) struct RebatchStageTests {
    private enum Piece: Hashable {
        /// By context: its number and its length.
        case batch([[Int]])
        case barrier(UInt64)
        case end
    }

    private func flow(_ piece: Piece) -> Flow<ContextBatch> {
        switch piece {
        case .batch(let contexts):
            .batch(
                ContextBatch(
                    contexts: contexts.map { context in
                        Context(
                            tokens: Array(repeating: UInt32(context[0]), count: context[1]),
                            document: Fixture.hash(0), timestamp: 0, source: nil)
                    }))
        case .barrier(let epoch): .barrier(Barrier(epoch: epoch, isCaughtUp: false))
        case .end: .end
        }
    }

    private func piece(_ flow: Flow<ContextBatch>) -> Piece {
        switch flow {
        case .batch(let batch):
            .batch(batch.contexts.map { [Int($0.tokens.first ?? 0), $0.tokens.count] })
        case .barrier(let barrier): .barrier(barrier.epoch)
        case .end: .end
        }
    }

    private func rebatched(_ pieces: [Piece], tokens: Int) async throws -> [Piece] {
        let flows = pieces.map(flow)
        let upstream = ProducedSequence<Flow<ContextBatch>>(capacity: 0, weigh: \.weight) { output in
            for flow in flows { try await output.send(flow) }
        }
        var results: [Piece] = []
        for try await flow in RebatchStage(tokens: tokens).results(of: upstream) { results.append(piece(flow)) }
        return results
    }

    @Test func smallBatchesAreGatheredUpToTheNumberOfTokensInOrder() async throws {
        let results = try await rebatched(
            [.batch([[1, 4]]), .batch([[2, 4], [3, 4]]), .batch([[4, 2], [5, 4]]), .batch([[6, 1]]), .end], tokens: 10)
        #expect(
            results == [.batch([[1, 4], [2, 4]]), .batch([[3, 4], [4, 2], [5, 4]]), .batch([[6, 1]]), .end])
    }

    @Test func aLargeBatchIsSplitBetweenContexts() async throws {
        let results = try await rebatched([.batch((1...5).map { [$0, 5] }), .end], tokens: 10)
        #expect(results == [.batch([[1, 5], [2, 5]]), .batch([[3, 5], [4, 5]]), .batch([[5, 5]]), .end])
    }

    @Test func aContextLongerThanABatchStandsAlone() async throws {
        let results = try await rebatched([.batch([[1, 3], [2, 25], [3, 3]]), .end], tokens: 10)
        #expect(results == [.batch([[1, 3]]), .batch([[2, 25]]), .batch([[3, 3]]), .end])
    }

    @Test func aBarrierFlushesWhatHasGathered() async throws {
        let results = try await rebatched(
            [.batch([[1, 4]]), .barrier(1), .barrier(2), .batch([[2, 4]]), .batch([[3, 4]]), .end], tokens: 10)
        #expect(results == [.batch([[1, 4]]), .barrier(1), .barrier(2), .batch([[2, 4], [3, 4]]), .end])
    }

    @Test func nothingGatheredGivesNoBatch() async throws {
        #expect(try await rebatched([.batch([]), .barrier(1), .end], tokens: 10) == [.barrier(1), .end])
    }
}
