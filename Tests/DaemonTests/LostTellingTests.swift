import Nodes
import Observability
import Running
import StateFixtures
import StateNotes
import Store
import Testing
import Topology

/// What an owner of latents makes of records of the shuffle topic that no longer say what was told.
@Suite(.timeLimit(.minutes(5))) struct LostTellingTests {
    private let shared: SharedTopology
    private let graph: Graph

    init() throws {
        shared = try SharedTopology()
        graph = try shared.graph()
    }

    private var isExact: Bool {
        get throws {
            let part = SharedTopology.owner.part(of: graph.topology)
            let state = try Store.reader(directory: part.state.directory)
            try #require(state.latestCheckpoint() != nil)
            return try EvidenceFlags.isExact.read(in: state) != false
        }
    }

    @Test func oneThatIsDamagedMakesTheEvidenceInexactAndIsToldOfOnce() async throws {
        try await shared.feed(0..<12)
        _ = try await shared.run(graph, as: SharedTopology.reader)
        try await shared.tellAgain { $0.count - 1 }
        let owner = try await shared.run(graph, as: SharedTopology.owner)
        #expect(owner.progress.reading.rejected["damaged", default: 0] > 1)
        let told = owner.notices.of("evidence.shuffle").filter { $0.contains("inexact") }
        #expect(told.count == 1 && told.first?.contains("told/0 at offset") == true, "\(told)")
        #expect(try !isExact)
    }

    @Test func whatDoesNotBeginAsOneIsNoLoss() async throws {
        try await shared.feed(0..<12)
        _ = try await shared.run(graph, as: SharedTopology.reader)
        try await shared.tellAgain { _ in 0 }
        let owner = try await shared.run(graph, as: SharedTopology.owner)
        #expect(owner.progress.reading.rejected["not-a-record", default: 0] > 1)
        #expect(owner.notices.of("evidence.shuffle").allSatisfy { !$0.contains("inexact") })
        #expect(try isExact)
    }
}
