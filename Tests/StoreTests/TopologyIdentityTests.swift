import GRDB
import Testing

@testable import Store

@Suite struct TopologyIdentityTests {
    private func reopened(as topology: TopologyIdentity) throws -> StoreError? {
        let directory = try TemporaryDirectory()
        try directory.open().close()
        return storeError { () throws(StoreError) in try directory.open(topology).close() }
    }

    @Test func theSameTopologyOpensAgain() throws {
        #expect(try reopened(as: Fixture.topology) == nil)
    }

    @Test func aChangeThatNoStateDependsOnIsAccepted() throws {
        let changed = TopologyIdentity(
            name: "quickstart", digest: Fixture.hash(99), nodes: ["evidence": Fixture.hash(2)])
        #expect(try reopened(as: changed) == nil)
    }

    @Test func aTopologyOfAnotherNameIsRefused() throws {
        let other = TopologyIdentity(name: "other", digest: Fixture.hash(1), nodes: ["evidence": Fixture.hash(2)])
        guard case .otherTopology(_, "quickstart", "other") = try reopened(as: other) else {
            Issue.record("expected a refusal that names both topologies")
            return
        }
    }

    @Test func aChangedNodeIsRefusedByName() throws {
        let changed = TopologyIdentity(
            name: "quickstart", digest: Fixture.hash(99), nodes: ["evidence": Fixture.hash(98)])
        let refusal = try reopened(as: changed)
        guard case .nodeChanged(_, "evidence") = refusal else {
            Issue.record("expected a refusal that names the node, got \(String(describing: refusal))")
            return
        }
        #expect(refusal?.description.contains("node 'evidence'") == true)
    }

    @Test func aNodeThatIsGoneIsRefusedByName() throws {
        let changed = TopologyIdentity(name: "quickstart", digest: Fixture.hash(1), nodes: [:])
        guard case .nodeRemoved(_, "evidence") = try reopened(as: changed) else {
            Issue.record("expected a refusal that names the node")
            return
        }
    }

    @Test func aRefusedTopologyLeavesTheRecordAsItWas() throws {
        let directory = try TemporaryDirectory()
        try directory.open().close()
        let changed = TopologyIdentity(
            name: "quickstart", digest: Fixture.hash(1), nodes: ["evidence": Fixture.hash(98), "more": Fixture.hash(4)])
        #expect(storeError { () throws(StoreError) in try directory.open(changed) } != nil)
        let store = try directory.open()
        #expect(try Self.nodes(of: store) == ["evidence": 0])
    }

    @Test func aNewNodeIsRecordedWithTheEpochAfterWhichItJoined() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        try store.commit(CheckpointCommit(epoch: 7))
        try store.close()
        let more = TopologyIdentity(
            name: "quickstart", digest: Fixture.hash(1),
            nodes: ["evidence": Fixture.hash(2), "second": Fixture.hash(4)])
        #expect(try Self.nodes(of: directory.open(more)) == ["evidence": 0, "second": 7])
    }

    /// By id of each node that keeps state: the epoch after which it joined.
    private static func nodes(of store: Store) throws -> [String: Int64] {
        try store.pool.read { database in
            try Row.fetchAll(database, sql: "SELECT id, since FROM node").reduce(into: [:]) { $0[$1[0]] = $1[1] }
        }
    }
}
