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
        guard case .nodeChanged(_, "evidence", []) = refusal else {
            Issue.record("expected a refusal that names the node, got \(String(describing: refusal))")
            return
        }
        #expect(refusal?.description.contains("node 'evidence'") == true)
    }

    private static func identity(_ digest: UInt64, _ settings: [(String, String, String)]) -> TopologyIdentity {
        TopologyIdentity(
            name: "quickstart", digest: Fixture.hash(1), nodes: ["evidence": Fixture.hash(digest)],
            settings: [
                "evidence": settings.map {
                    StateSetting(
                        node: $0.0, type: $0.0 == "evidence" ? "reservoir" : "encode", field: $0.1, value: $0.2)
                }
            ])
    }

    @Test func whatWasSetDifferentlyIsNamedWithBothValues() throws {
        let directory = try TemporaryDirectory()
        let made = Self.identity(
            2, [("evidence", "window", "32"), ("evidence", "top", "16"), ("codes", "k", "8"), ("codes", "coder", "a")])
        try directory.open(made).close()
        // The name of a stage does not matter.
        let given = Self.identity(
            98,
            [("evidence", "window", "16"), ("evidence", "top", "16"), ("coded", "coder", "a"), ("coded", "seed", "1")])
        let changes = [
            StateConflict.Change(node: "codes", field: "k", stored: "8", given: nil),
            StateConflict.Change(node: "coded", field: "seed", stored: nil, given: "1"),
            StateConflict.Change(node: "evidence", field: "window", stored: "32", given: "16"),
        ]
        #expect(
            try Store.reader(directory: directory.state).conflicts(with: given)
                == [.nodeChanged("evidence", changes: changes)])
        let refusal = storeError { () throws(StoreError) in try directory.open(given) }
        #expect(refusal == .nodeChanged(path: directory.state, node: "evidence", changes: changes))
        #expect(refusal?.description.contains("window of evidence was 32 and is 16") == true)
        // The record is that of the state, not that of who was refused.
        #expect(try directory.open(made).conflicts(with: made).isEmpty)
    }

    @Test func settingsOfAStateOfAnEarlierVersionAreNotedAtItsNextStart() throws {
        let directory = try TemporaryDirectory()
        try directory.open().close()
        let (made, given) = (Self.identity(2, [("evidence", "top", "4")]), Self.identity(3, [("evidence", "top", "5")]))
        let reader = try Store.reader(directory: directory.state)
        #expect(try reader.conflicts(with: given) == [.nodeChanged("evidence", changes: [])])
        try directory.open(made).close()
        #expect(
            try reader.conflicts(with: given) == [
                .nodeChanged(
                    "evidence", changes: [.init(node: "evidence", field: "top", stored: "4", given: "5")])
            ])
    }

    @Test func everyConflictIsFoundWhileADaemonHoldsTheState() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.open()
        let given = TopologyIdentity(name: "other", digest: Fixture.hash(1), nodes: ["renamed": Fixture.hash(2)])
        let reader = try Store.reader(directory: directory.state)
        #expect(
            try reader.conflicts(with: given)
                == [.otherName(stored: "quickstart", given: "other"), .nodeRemoved("evidence")])
        #expect(try reader.conflicts(with: Fixture.topology).isEmpty)
        try store.close()
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
