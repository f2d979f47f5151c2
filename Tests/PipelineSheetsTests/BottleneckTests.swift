import Testing

@testable import PipelineSheets

@Suite struct BottleneckTests {
    /// From a corpus by way of evidence to a sink, of which nothing is known yet.
    private var chain: PipelineSheet { .chain }

    private func found(_ change: (inout PipelineSheet) -> Void) -> [Bottleneck] {
        var sheet = chain
        change(&sheet)
        return Bottleneck.all(in: sheet.nodes, sheet.edges)
    }

    @Test func nothingIsNamedWhereNothingIsHeldUp() {
        #expect(found { _ in }.isEmpty)
        #expect(
            found { sheet in for id in ["tokens", "residual", "codes"] { sheet.spend(id, busy: 0.3, blocked: 0.1) } }
                .isEmpty)
    }

    @Test func theNodeThatAllBeforeItWaitForIsNamed() throws {
        let limit = try #require(
            found { sheet in
                sheet.spend("corpus", busy: 0.01, blocked: 0.97)
                sheet.spend("tokens", busy: 0.05, blocked: 0.93)
                sheet.spend("residual", busy: 0.98, blocked: 0.01)
                sheet.spend("codes", busy: 0.2, blocked: 0)
            }.first)
        #expect(limit.node == "residual" && limit.part == .ingest && limit.cause == .work)
        #expect(
            limit.sentence
                == "ingest is as fast as residual, which works 98% of the time; corpus and tokens wait for it")
    }

    /// A node that works while it waits to pass on is held up, however much it works.
    @Test func aNodeThatWaitsIsNotTheLimitThoughItWorksMore() throws {
        let limit = try #require(
            found { sheet in
                sheet.spend("corpus", busy: 0, blocked: 1)
                sheet.spend("tokens", busy: 0.4, blocked: 0.9)
                sheet.spend("residual", busy: 0.95, blocked: 0.6)
                sheet.spend("codes", busy: 0.7, blocked: 0.1)
            }.first)
        #expect(limit.node == "codes")
        #expect(limit.sentence.hasSuffix("corpus, tokens and residual wait for it"))
    }

    @Test func withoutWaitingTheNodeThatWorksWithoutAPauseIsNamed() throws {
        let limits = found { $0.spend("residual", busy: 0.9, blocked: 0) }
        #expect(limits.map(\.node) == ["residual"])
        #expect(limits.first?.sentence == "ingest is as fast as residual, which works 90% of the time")
        #expect(found { $0.spend("residual", busy: 0.79, blocked: 0) }.isEmpty)
    }

    @Test func brokersThatAreAwayHoldIngestUpWhateverTheTimesSay() throws {
        let limit = try #require(
            found { sheet in
                sheet.spend("residual", busy: 0.9, blocked: 0)
                sheet.change("corpus") { $0.away = PipelineAway(model: nil, since: "now", seconds: 75) }
            }.first)
        #expect(limit.node == "corpus" && limit.cause == .brokers)
        #expect(limit.sentence == "ingest waits for the brokers of corpus, away for 75 s")
    }

    @Test func aJudgeThatIsAwayIsNamedWhileJobsWaitForIt() throws {
        let away = PipelineAway(model: "judge", since: "now", seconds: 14)
        var jobs = PipelineJobs()
        jobs.waiting = 1204
        let limit = try #require(
            found { sheet in
                sheet.change("executed") { ($0.away, $0.jobs) = (away, jobs) }
            }.first)
        #expect(limit.part == .results && limit.cause == .server)
        #expect(limit.sentence == "executed waits for judge, away for 14 s, with 1204 jobs before it; ingest goes on")
        #expect(found { $0.change("executed") { $0.away = away } }.isEmpty)
    }

    @Test func ofTheNodesWithJobsTheOneThatTakesLongestIsNamed() throws {
        func limit(_ rate: Double) throws -> Bottleneck {
            let all = found { sheet in
                sheet.change("lexical") { node in
                    node.jobs = PipelineJobs()
                    node.jobs?.waiting = 100
                    node.output = PipelineAmount(total: 0, perSecond: 10)
                }
                sheet.change("executed") { node in
                    node.jobs = PipelineJobs()
                    node.jobs?.waiting = 56
                    node.jobs?.underWay = 4
                    node.output = PipelineAmount(total: 0, perSecond: rate)
                }
            }
            return try #require(all.first)
        }
        #expect(
            try limit(0.5).sentence
                == "results are as fast as executed, which has 60 jobs before it, at 0.5/s: 2 min more")
        #expect(try limit(100).node == "lexical")
        #expect(try limit(0).sentence.hasSuffix("none done of late"))
    }

    @Test func bothPartsAreNamedSinceNeitherHoldsTheOtherUp() {
        let limits = found { sheet in
            sheet.spend("residual", busy: 1, blocked: 0)
            sheet.spend("lexical", busy: 0.97, blocked: 0)
        }
        #expect(limits.map(\.part) == [.ingest, .results] && limits.map(\.node) == ["residual", "lexical"])
    }

    /// However much a score node works, it is no limit of ingest: no evidence waits for it.
    @Test func explainingIsNoLimitOfIngest() {
        #expect(found { $0.spend("lexical", busy: 1, blocked: 0) }.map(\.part) == [.results])
    }
}
