import Testing

/// One topology in several processes, through a shuffle topic.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RolesTests {
    @Test(arguments: [(1, 1), (2, 2), (4, 4), (2, 4)])
    func anyNumberOfProcessesHoldsWhatOneHolds(ingest: Int, evidence: Int) async throws {
        let cluster = try RoleCluster(documents: 120, shuffle: ["shuffle"])
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny")
        for ordinal in 0..<ingest { try cluster.run(shared, cluster.role("ingest", ordinal, of: ingest)) }
        for ordinal in 0..<evidence { try cluster.run(shared, cluster.role("evidence", ordinal, of: evidence)) }
        try await cluster.compare(owners: evidence)
    }

    @Test func killsLeaveNoTrace() async throws {
        let cluster = try RoleCluster(documents: 600, shuffle: ["shuffle"])
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny")
        var kills = 0
        for checkpoints in [1, 2, 4] {
            for ordinal in 0..<2 {
                let arguments =
                    ["run", shared, "--until-drained", "--verbose"] + cluster.role("ingest", ordinal, of: 2)
                if try cluster.program.runAndKill(arguments, afterCheckpoints: checkpoints) { kills += 1 }
            }
        }
        #expect(kills >= 3, "the corpus is too small to be interrupted")
        for ordinal in 0..<2 { try cluster.run(shared, cluster.role("ingest", ordinal, of: 2)) }
        for ordinal in 0..<2 {
            let arguments = ["run", shared, "--until-drained", "--verbose"] + cluster.role("evidence", ordinal, of: 2)
            _ = try cluster.program.runAndKill(arguments, afterCheckpoints: 1)
            try cluster.run(shared, cluster.role("evidence", ordinal, of: 2))
        }
        try await cluster.compare(owners: 2, isKilled: true)
    }

    @Test func aProcessWithAnotherFileIsNamedAndMergesNothing() async throws {
        let cluster = try RoleCluster(documents: 40, shuffle: ["shuffle"])
        let shared = try cluster.topology("shared", shuffle: "shuffle", title: "tiny")
        let other = try cluster.topology("other", shuffle: "shuffle", title: "tiny", block: 32)
        try cluster.run(other, cluster.role("ingest", 0, of: 1))
        try cluster.run(shared, cluster.role("ingest", 0, of: 1))
        try cluster.run(shared, cluster.role("evidence", 0, of: 1))
        let report = try ReportReading(
            cluster.subject.state("shared") + "/shards-0-of-1", program: cluster.program)
        #expect(report.dead_letters["foreign", default: 0] > 0 && report.exact)
        let replay = try cluster.program.run(
            ["dead-letters", "replay", cluster.subject.state("shared") + "/shards-0-of-1", "--dry-run"])
        #expect(replay.status == 0 && replay.output.contains("it is no record of the corpus"), "\(replay.errors)")
        try await cluster.compare(owners: 1)
    }

    @Test func anotherTopicIsToldEverythingAnew() async throws {
        let cluster = try RoleCluster(documents: 120, shuffle: ["first", "second"])
        let first = try cluster.topology("first", shuffle: "first", title: "tiny")
        try cluster.run(first, cluster.role("ingest", 0, of: 1))
        let shared = try cluster.topology("shared", shuffle: "second", title: "tiny")
        try cluster.run(shared, cluster.role("ingest", 0, of: 1))
        try cluster.run(shared, cluster.role("evidence", 0, of: 1))
        try await cluster.compare(owners: 1)
    }

    @Test func aTopologyThatCannotBeSharedIsRefusedAtItsPlace() throws {
        let subject = try TinySubject()
        let corpus = try subject.corpus(documents: 2)
        let file = try subject.topology("file", source: "{ type: file, path: \"\(corpus)\" }")
        let program = GlossProgram()
        let without = try program.run(["run", file, "--role", "evidence", "--ordinal", "0", "--of", "1"])
        #expect(without.status == 78 && without.errors.contains("file.yaml:2:7: E620"), "\(without.errors)")
        let shared = try subject.topology(
            "files", source: "{ type: file, path: \"\(corpus)\" }",
            header: "shuffle: { brokers: \"127.0.0.1:9\", topic: t, shards: 4 }")
        let unshared = try program.run(["run", shared, "--role", "ingest", "--ordinal", "0", "--of", "1"])
        #expect(unshared.status == 78 && unshared.errors.contains("is no Kafka topic"), "\(unshared.errors)")
        let uneven = try program.run(["run", shared, "--role", "evidence", "--ordinal", "0", "--of", "3"])
        #expect(uneven.status == 78 && uneven.errors.contains("divides 4"), "\(uneven.errors)")
        #expect(try program.run(["run", file, "--role", "evidence"]).status == 64)
    }
}
