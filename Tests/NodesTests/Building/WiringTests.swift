import Dataflow
import Elements
import Running
import StateFixtures
import Testing
import Topology

@testable import Nodes

/// Ports between nodes, without the nodes' stages.
@Suite(.timeLimit(.minutes(5))) struct WiringTests {
    private let graph: Graph
    private let wiring: Wiring

    init() throws {
        graph = try GraphFixture().graph(
            """
            sources: { corpus: { type: stdin } }
            stages:
              tokens: { type: tokenize, inputs: [corpus], model: subject }
              again: { type: tokenize, inputs: [corpus], model: subject }
            sinks:
              refused: { type: kafka, brokers: "127.0.0.1:9", inputs: [corpus.rejected], topic: t }

            """)
        wiring = Wiring(graph)
    }

    private func node(_ id: String) throws -> Node { try #require(graph.topology.node(id)) }

    private func output<Batch: EdgeBatch>(
        _ id: String, unread: Connection<Batch>? = nil
    ) throws -> OutputPort<Batch> {
        wiring.output(of: try node(id), timers: StageTimers(node: id), unread: unread)
    }

    private func input<Batch: EdgeBatch>(_ id: String) throws -> InputPort<Batch> {
        wiring.input(of: try node(id), timers: StageTimers(node: id))
    }

    private let batch = DocumentBatch(documents: [
        Document(
            position: RecordPosition(source: "corpus", topic: "", partition: 0, offset: 3), timestamp: 0, id: nil,
            source: nil, content: .text("a"))
    ])

    /// The offsets of the documents that come, and the epochs of barriers after a minus.
    private func received(_ port: InputPort<DocumentBatch>) async throws -> [Int64] {
        var all: [Int64] = []
        for try await flow in port {
            switch flow {
            case .batch(let batch): all += batch.documents.map(\.position.offset)
            case .barrier(let barrier): all.append(-Int64(barrier.epoch))
            }
        }
        return all
    }

    @Test func aReaderWithoutAPortIsNamed() throws {
        let _: OutputPort<DocumentBatch> = try output("corpus")
        let _: InputPort<DocumentBatch> = try input("tokens")
        let error = #expect(throws: DaemonError.self) { try wiring.connect() }
        #expect(error?.kind == .runtime)
        #expect(error?.description == "again has no port for the documents of corpus")
    }

    @Test func aPortForAnotherTypeOfEdgeIsNone() throws {
        let _: OutputPort<DocumentBatch> = try output("corpus")
        let _: InputPort<ContextBatch> = try input("tokens")
        let _: InputPort<DocumentBatch> = try input("again")
        let error = #expect(throws: DaemonError.self) { try wiring.connect() }
        #expect(error?.description == "tokens has no port for the documents of corpus")
    }

    @Test func everyReaderIsConnectedOnceInWhateverOrderPortsAreMade() async throws {
        let first: InputPort<DocumentBatch> = try input("again")
        let output: OutputPort<DocumentBatch> = try output(
            "corpus", unread: Connection(send: { _ in throw Mishap() }, finish: { _ in throw Mishap() }))
        let second: InputPort<DocumentBatch> = try input("tokens")
        #expect(!output.hasReaders)
        try wiring.connect()
        // What is connected is not connected again.
        try wiring.connect()
        try await output.whole {
            try await output.send(batch)
            try await output.send(.barrier(Barrier(epoch: 7, isCaughtUp: true)))
        }
        #expect(try await received(first) == [3, -7])
        #expect(try await received(second) == [3, -7])
    }

    @Test func outputThatNoStageReadsGoesToTheSpareConnectionOrNowhere() async throws {
        let spare = InputPort<ContextBatch>(capacity: 1 << 10, timers: StageTimers(node: "spare"))
        let read: OutputPort<ContextBatch> = try output("tokens", unread: spare.connect())
        let lost: OutputPort<ContextBatch> = try output("again")
        try wiring.connect()
        #expect(read.hasReaders && !lost.hasReaders)
        for port in [read, lost] {
            try await port.whole { try await port.send(ContextBatch(contexts: [])) }
        }
        var count = 0
        for try await _ in spare { count += 1 }
        #expect(count == 1)
    }

    @Test func aNodeMayTakeItsBatchesAsPartsOfAnotherType() async throws {
        let graph = try GraphFixture().graph(
            stages: """
                  words: { type: explain, explainer: lexical, inputs: [evidence] }
                  run: { type: score, method: execution, inputs: [words] }
                  told: { type: score, method: detection, model: far, inputs: [words, run], settle_below: 0.1 }

                """)
        let wiring = Wiring(graph)
        let timers = StageTimers(node: "told")
        let input = InputPort<Either>(capacity: 1 << 10, timers: timers)
        let told = try #require(graph.topology.node("told"))
        wiring.admit(ExplanationBatch.self, to: told) { input.connect { _ in Either(isScore: false) } }
        wiring.admit(ScoreBatch.self, to: told) { input.connect { _ in Either(isScore: true) } }
        let run = try #require(graph.topology.node("run"))
        let _: InputPort<ExplanationBatch> = wiring.input(of: run, timers: timers)
        let words: OutputPort<ExplanationBatch> = wiring.output(
            of: try #require(graph.topology.node("words")), timers: timers)
        let scores: OutputPort<ScoreBatch> = wiring.output(of: run, timers: timers)
        try wiring.connect()
        try await words.whole { try await words.send(.settled(epoch: 1, by: "lexical")) }
        try await scores.whole { try await scores.send(.scores([], node: "run")) }
        var kinds: [Bool] = []
        for try await case .batch(let either) in input { kinds.append(either.isScore) }
        #expect(kinds == [false, true])
    }

    private struct Either: Weighed {
        let isScore: Bool
        var byteCount: Int { 1 }
    }
}
