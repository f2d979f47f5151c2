import Dataflow
import Elements
import StateFixtures
import Testing

@testable import Running

@Suite(.timeLimit(.minutes(5))) struct EdgeBatchTests {
    private func batch(tokens: Int) -> ContextBatch {
        ContextBatch(contexts: [
            Context(
                tokens: Array(repeating: 7, count: tokens), document: Fixture.hash(1), timestamp: 0, source: nil)
        ])
    }

    @Test func eachBatchHasAnEdgeOfItsOwn() {
        let edges = [
            DocumentBatch.edge, ContextBatch.edge, ActivationBatch.edge, CodeBatch.edge, EvidenceUpdate.edge,
            ExplanationBatch.edge, ScoreBatch.edge,
        ]
        #expect(Set(edges).count == edges.count)
    }

    @Test func onlyEvidenceIsReplacedByWhatComesAfterIt() {
        #expect(EvidenceUpdate.keepsLatestOnly)
        let others: [any EdgeBatch.Type] = [
            DocumentBatch.self, ContextBatch.self, ActivationBatch.self, CodeBatch.self, ExplanationBatch.self,
            ScoreBatch.self,
        ]
        #expect(others.map { $0.keepsLatestOnly }.allSatisfy { !$0 })
    }

    @Test func theEdgesBeforeTheModelHoldLeastSinceABarrierWaitsForThem() {
        #expect(DocumentBatch.capacity < ContextBatch.capacity)
        #expect(ContextBatch.capacity * 100 < min(ActivationBatch.capacity, CodeBatch.capacity))
    }

    @Test func aPortHoldsNoMoreThanItsBatchesAllow() async throws {
        let port = ContextBatch.port(timers: StageTimers(node: "forward"))
        let output = OutputPort<ContextBatch>(timers: StageTimers(node: "tokenise"))
        output.connect(to: port.connect())
        let batch = batch(tokens: 500)
        async let sent: Void = output.whole { for _ in 0..<20 { try await output.send(batch) } }
        var received = 0
        for try await _ in port {
            #expect(port.depth <= ContextBatch.capacity)
            received += 1
        }
        try await sent
        #expect(received == 20)
    }
}
