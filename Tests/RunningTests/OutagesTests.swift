import Running
import StateFixtures
import Testing

@Suite struct OutagesTests {
    @Test func eachNodeHasItsOwnOutageByTheClockGiven() {
        let (clock, told) = (ManualClock(), Told())
        let outages = Outages(
            clock: clock, notice: told.add, onChange: { told.add("\($0) out: \($1)") })
        outages.failed("corpus", "refused")
        clock.advance(by: .seconds(30))
        outages.failed("results", "no topic")
        outages.failed("corpus", "refused")
        #expect(outages.isOut("corpus") && outages.isOut("results") && !outages.isOut("other"))
        clock.advance(by: .seconds(30))
        outages.failed("corpus", "refused")
        outages.failed("results", "no topic")
        outages.answered("corpus", "it answers")
        outages.answered("other", "it answers")
        outages.troubled("other", "one of three")
        #expect(
            told.lines == [
                "corpus: refused", "corpus out: true", "results: no topic", "results out: true",
                "corpus: still failing after 1 min 0 s: 2 more failures", "corpus: it answers, after 1 min 0 s",
                "corpus out: false",
            ])
        #expect(!outages.isOut("corpus") && outages.isOut("results") && !outages.isOut("other"))
    }
}
