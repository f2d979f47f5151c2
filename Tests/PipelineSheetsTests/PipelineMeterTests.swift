import Dataflow
import Foundation
import Observability
import StateFixtures
import Store
import Testing

@testable import PipelineSheets

@Suite struct PipelineMeterTests {
    private let progress = RunProgress()
    private let clock = ManualClock()
    private let timers: [StageTimers]
    private let meter: PipelineMeter
    private static let now = Date(timeIntervalSince1970: 1_000_000)

    init() {
        timers = ["corpus", "tokens", "residual", "codes", "evidence", "lexical", "executed", "results"].map {
            [clock] in
            StageTimers(node: $0, clock: clock)
        }
        meter = PipelineMeter(
            progress: progress, timers: timers,
            lag: {
                [
                    SourceLag(topic: "corpus", partition: 0, records: 7),
                    SourceLag(topic: "corpus", partition: 1, records: 5),
                ]
            },
            delivered: { ["results": 4] }, clock: clock)
    }

    private func timers(of node: String) -> StageTimers { timers.first { $0.node == node } ?? timers[0] }

    private func sheet(_ counts: StoredCounts = StoredCounts(), graph: PipelineSheet = .chain) -> PipelineSheet {
        meter.sheet(of: graph, counts, phase: "running", at: Self.now)
    }

    @Test func whatNodesCountBecomesRatesOfNodesAndEdges() {
        timers(of: "codes").count(byteCount: 1, elements: 300)
        timers(of: "codes").receive(elements: 320)
        timers(of: "codes").add(.seconds(6), to: .busy)
        clock.advance(by: .seconds(10))
        meter.sample()
        let sheet = sheet()
        let codes = sheet.node("codes")
        #expect(codes?.output == PipelineAmount(total: 300, perSecond: 30))
        #expect(codes?.input == PipelineAmount(total: 320, perSecond: 32))
        #expect(codes?.times?.busy == 0.6 && codes?.state == .running)
        #expect(sheet.node("tokens")?.state == .idle && sheet.node("tokens")?.output?.perSecond == 0)
        #expect(sheet.edges.first { $0.from == "codes" }?.perSecond == 30)
        #expect(sheet.edges.first { $0.port != nil }?.perSecond == nil)
        #expect(sheet.run?.span == 10 && sheet.run?.seconds == 10 && sheet.run?.lag == 12)
        #expect(sheet.node("results")?.output?.total == 4 && sheet.node("results")?.times == nil)
    }

    @Test func jobsAreThoseOfTheStateLessWhatIsWorkedOn() {
        progress.underWay(1, at: "executed")
        progress.underWay(1, at: "executed")
        progress.failed(by: "executed", reason: "401")
        var counts = StoredCounts()
        counts.jobs = ["executed": [.open: 10, .done: 5, .failed: 1], "gone": [.open: 3]]
        counts.pending = ["results": 9]
        counts.deadLetters = [
            .init(node: "corpus", code: "too-large", count: 2), .init(node: "gone", code: "x", count: 1),
        ]
        let sheet = sheet(counts)
        let jobs = sheet.node("executed")?.jobs
        #expect(jobs?.waiting == 8 && jobs?.underWay == 2 && jobs?.done == 5 && jobs?.failed == 1)
        #expect(jobs?.lastFailure == "401" && sheet.node("codes")?.jobs == nil)
        #expect(sheet.node("results")?.queue == PipelineQueue(waiting: 9))
        #expect(sheet.node("corpus")?.deadLetters == 2 && sheet.deadLetters.map(\.node) == ["corpus"])
        progress.underWay(-1, at: "executed")
        #expect(self.sheet(counts).node("executed")?.jobs?.waiting == 9)
    }

    @Test func howLongJobsAndCallsTookIsToldOfNodesWithJobs() {
        var graph = PipelineSheet.chain
        graph.change("executed") { $0.models = ["judge"] }
        graph.change("residual") { $0.models = ["judge"] }
        progress.worked(.seconds(3), at: "executed")
        progress.asked("judge", took: .milliseconds(40))
        clock.advance(by: .seconds(1))
        meter.sample()
        let sheet = sheet(graph: graph)
        #expect(sheet.node("executed")?.jobTimes?.count == 1 && sheet.node("executed")?.callTimes?.count == 1)
        #expect(FlowText.durations(sheet.node("executed")?.jobTimes) == "3.0/3.0s")
        #expect(sheet.node("lexical")?.jobTimes == nil)
        #expect(sheet.node("residual")?.jobTimes == nil && sheet.node("residual")?.callTimes == nil)
    }

    @Test(
        arguments: [
            (0.006, 0.0112, "6/11ms"), (0.3, 0.9996, "0.3/1.0s"), (3.12, 9.04, "3.1/9.0s"), (12, 90, "12/90s"),
            (60, 100, "1.0/1.7min"), (3600, 9000, "1.0/2.5h"),
        ] as [(Double, Double, String)])
    func lengthsAreInTheUnitOfTheLonger(half: Double, most: Double, text: String) {
        #expect(FlowText.durations(PipelineDurations(count: 9, p50: half, p99: most)) == text)
    }

    @Test func aServerThatIsAwayIsToldWithItsTime() {
        var graph = PipelineSheet.chain
        graph.change("executed") { $0.models = ["judge"] }
        _ = progress.awaits(["judge"], since: Self.now.addingTimeInterval(-14))
        let node = sheet(graph: graph).node("executed")
        #expect(node?.state == .away && node?.away?.model == "judge" && node?.away?.seconds == 14)
        #expect(node?.away?.since == "1970-01-12T13:46:26.000Z")
        progress.answers(["judge"])
        #expect(sheet(graph: graph).node("executed")?.away == nil)
    }

    @Test func brokersThatAreAwayAreTheNodesOwn() {
        progress.reaches("corpus", as: .source)
        #expect(sheet().node("corpus")?.away == nil)
        progress.lost(true, by: "corpus")
        #expect(sheet().node("corpus")?.state == .away && sheet().node("corpus")?.away?.model == nil)
    }

    @Test func nodesThatComeAreToldBesideThoseThatGoOn() {
        timers(of: "codes").count(byteCount: 1, elements: 100)
        clock.advance(by: .seconds(5))
        meter.sample()
        let other = StageTimers(node: "executed", clock: clock)
        meter.watch(timers.filter { $0.node != "executed" } + [other])
        timers(of: "codes").count(byteCount: 1, elements: 100)
        timers(of: "executed").count(byteCount: 1, elements: 7)
        other.count(byteCount: 1, elements: 30)
        clock.advance(by: .seconds(5))
        meter.sample()
        let sheet = sheet()
        #expect(sheet.node("codes")?.output == PipelineAmount(total: 200, perSecond: 20))
        #expect(sheet.node("executed")?.output == PipelineAmount(total: 30, perSecond: 3))
        #expect(sheet.run?.seconds == 10)
    }

    @Test func aNodeThatWaitsForItsReadersIsBlockedAndOneThatIsOverHasEnded() {
        timers(of: "tokens").add(.seconds(9), to: .blocked)
        clock.advance(by: .seconds(10))
        meter.sample()
        progress.ended("corpus")
        let sheet = sheet()
        #expect(sheet.node("tokens")?.state == .blocked && sheet.node("corpus")?.state == .ended)
        #expect(sheet.bottlenecks.map(\.node) == ["residual"])
    }
}
