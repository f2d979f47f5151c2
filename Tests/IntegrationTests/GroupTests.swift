import Foundation
import Testing

/// Processes that read the corpus as members of one consumer group: they come, go, are killed and stand still.
@Suite(.serialized, .timeLimit(.minutes(10))) struct GroupTests {
    private static let member = ["--role", "ingest"]
    /// Short, so that a member that was killed or stands still is soon given up.
    private static let client = "{ session.timeout.ms: 6000, heartbeat.interval.ms: 500, max.poll.interval.ms: 7000 }"

    private func start(_ cluster: RoleCluster, _ topology: String) throws -> RunningGloss {
        try RunningGloss(cluster.program, ["run", topology, "--until-drained", "--verbose"] + Self.member)
    }

    /// Waits until members have ended, and compares what owners then hold with what one process holds.
    private func settle(_ members: [RunningGloss], _ cluster: RoleCluster, _ topology: String) async throws {
        for member in members {
            // If two leave at about the same time Tansu may wait for the second for ever, whoever joins the group after it.
            if cluster.isReal, member.says("waits for its group to deal out partitions") {
                member.signal(SIGKILL)
                _ = member.end()
            } else {
                let ended = member.end()
                #expect(ended.status == 0, "\(ended.errors)")
            }
        }
        // Whoever is alone finds nothing left, or what one that was killed or stopped had not told; without a group, which is
        // the way out, where the last two that left may have left none.
        try cluster.run(topology, cluster.isReal ? cluster.role("ingest", 0, of: 1) : Self.member)
        for ordinal in 0..<2 { try cluster.run(topology, cluster.role("evidence", ordinal, of: 2)) }
        try await cluster.compare(owners: 2)
    }

    private func membersComeAndGo(_ cluster: RoleCluster) async throws {
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny", client: Self.client)
        let first = try start(cluster, shared)
        try #require(first.says("which the group leaves to this process"), "\(first.end().errors)")
        let second = try start(cluster, shared)
        try #require(second.says("which the group leaves to this process"), "\(second.end().errors)")
        try #require(second.says("[checkpoint]"), "\(second.end().errors)")
        second.signal(SIGKILL)
        #expect(second.end().status == -SIGKILL)
        let third = try start(cluster, shared)
        try await settle([first, third], cluster, shared)
    }

    @Test func theyHoldWhatOneHoldsThroughTheMockBroker() async throws {
        try await membersComeAndGo(RoleCluster(documents: 2500, shuffle: ["shuffle"]))
    }

    @Test func theyHoldWhatOneHoldsThroughARealBroker() async throws {
        try await membersComeAndGo(RoleCluster(documents: 2500, shuffle: ["shuffle"], isReal: true))
    }

    @Test func oneThatStoodStillComesBackAndCountsNothingTwice() async throws {
        let cluster = try RoleCluster(documents: 4000, shuffle: ["shuffle"])
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny", client: Self.client)
        let still = try start(cluster, shared)
        try #require(still.says("[checkpoint]", times: 2), "\(still.end().errors)")
        still.signal(SIGSTOP)
        // It gets the partitions once the session of the other has run out.
        let other = try start(cluster, shared)
        try #require(other.says("which the group leaves to this process"), "\(other.end().errors)")
        try #require(other.says("[checkpoint]"), "\(other.end().errors)")
        still.signal(SIGCONT)
        try await settle([other, still], cluster, shared)
    }

    @Test func oneTooManyWaitsForAPartition() async throws {
        let cluster = try RoleCluster(documents: 400, shuffle: ["shuffle"])
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny", client: Self.client)
        let members = try (0..<5).map { _ in
            try RunningGloss(cluster.program, ["run", shared, "--verbose"] + Self.member)
        }
        let names = members.map { $0.says("[corpus]") }
        #expect(names.allSatisfy { $0 })
        for member in members { member.signal(SIGTERM) }
        try await settle(members, cluster, shared)
    }
}
