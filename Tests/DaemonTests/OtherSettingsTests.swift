import Nodes
import Observability
import Running
import Shuffle
import StateFixtures
import Store
import Testing

/// Processes that share a topology, of which one was started with other settings.
@Suite(.timeLimit(.minutes(5))) struct OtherSettingsTests {
    private let shared: SharedTopology

    init() throws { shared = try SharedTopology() }

    @Test func anOwnerSaysOnceThatAProcessWithOtherSettingsWritesToItsTopic() async throws {
        try await shared.feed(0..<12)
        let (graph, other) = (try shared.graph(), try shared.graph(sample: 8))
        let stranger = try await shared.run(other, as: SharedTopology.reader)
        let owner = try await shared.run(graph, as: SharedTopology.owner)

        let told = owner.notices.of("evidence.shuffle").filter { $0.contains("refuses") }
        #expect(told.count == 1, "\(told)")
        let refusal = told.first ?? ""
        for digest in [try other.shuffleIdentity().digest, try graph.shuffleIdentity().digest] {
            #expect(refusal.contains("\(digest)"))
        }
        #expect(refusal.contains("told/") && refusal.contains("start all from one file"), "\(refusal)")
        #expect(owner.progress.reading.rejected["foreign", default: 0] > 1)

        // What each says at its start is the same but for the setting and the hash.
        let said = [stranger, owner].map { $0.notices.of("shuffle").first { $0.contains("must agree") } ?? "" }
        let settings = said.map { Set($0.split(separator: ", ").dropFirst().map(String.init)) }
        #expect(settings[0].subtracting(settings[1]) == ["evidence.sample 8"], "\(said)")
        #expect(settings[1].subtracting(settings[0]) == ["evidence.sample 4"], "\(said)")
    }

    @Test func nothingIsSaidOfAnotherWhereAllAgree() async throws {
        try await shared.feed(0..<6)
        let graph = try shared.graph()
        _ = try await shared.run(graph, as: SharedTopology.reader)
        let owner = try await shared.run(graph, as: SharedTopology.owner)
        #expect(owner.notices.of("evidence.shuffle").allSatisfy { !$0.contains("refuses") })
        #expect(owner.progress.reading.rejected.isEmpty)
    }
}
