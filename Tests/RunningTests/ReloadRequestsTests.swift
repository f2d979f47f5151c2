import Synchronization
import Testing
import Topology

@testable import Running

@Suite(.timeLimit(.minutes(5))) struct ReloadRequestsTests {
    private let requests = ReloadRequests()

    @Test func requestsAreTakenInTheirOrderAndAnsweredEach() async throws {
        let answers = Mutex<[ReloadOutcome]>([])
        requests.leave("one") { outcome in answers.withLock { $0.append(outcome) } }
        async let second = requests.ask("two")
        let one = try #require(await requests.next())
        one.answer(.unchanged)
        let two = try #require(await requests.next())
        two.answer(.failed("no"))
        #expect((one.asker, two.asker) == ("one", "two"))
        #expect(answers.withLock { $0 } == [.unchanged])
        let answered = await second
        #expect(answered == .failed("no"))
    }

    @Test func aTakerThatWaitsGetsTheNextRequest() async throws {
        async let taken = requests.next()
        await Task.yield()
        async let outcome = requests.ask("me")
        let request = await taken
        try #require(request).answer(.unchanged)
        let answered = await outcome
        #expect(answered == .unchanged)
    }

    @Test func afterTheEndEverybodyIsToldSo() async {
        async let waiting = requests.ask("early")
        while requests.isEmpty { await Task.yield() }
        requests.close()
        let ended = ReloadOutcome.failed("the run is over, or is stopping")
        let answers = await [waiting, requests.ask("late")]
        #expect(answers == [ended, ended])
        let next = await requests.next()
        #expect(next?.asker == nil)
    }

    @Test func whatAnOperatorIsToldNamesEachFaultAtItsPlace() {
        let fault = Diagnostic(
            .fixedSetting, file: "/t.yaml", mark: SourceMark(line: 3, column: 9), message: "no: name: a → b",
            help: "put it back")
        #expect(
            ReloadOutcome.refused([fault]).lines == [
                "the file was read again and is refused, so that what ran goes on:",
                "/t.yaml:3:9: E618 no: name: a → b; put it back",
            ])
        #expect(!ReloadOutcome.refused([fault]).isInSync && !ReloadOutcome.failed("x").isInSync)
        #expect(ReloadOutcome.unchanged.isInSync && ReloadOutcome.applied([]).isInSync)
    }
}
