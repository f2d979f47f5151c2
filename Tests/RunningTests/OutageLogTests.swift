import Running
import Testing

@Suite struct OutageLogTests {
    private var log = OutageLog()

    @Test mutating func anOutageIsToldAtOnceThenOnceAMinuteWithWhatHasChanged() {
        #expect(!log.isOut)
        #expect(log.failed("refused", at: .seconds(5)) == "refused")
        #expect(log.isOut)
        for second in 6..<65 {
            let line = log.failed("refused", at: .seconds(second))
            #expect(line == nil)
        }
        #expect(log.failed("refused", at: .seconds(65)) == "still failing after 1 min 0 s: 60 more failures")
        #expect(log.failed("no route", at: .seconds(66)) == nil)
        #expect(
            log.failed("no route", at: .seconds(125)) == "still failing after 2 min 0 s: 2 more failures; now: no route"
        )
        #expect(log.failed("no route", at: .seconds(3785)) == "still failing after 1 h 3 min: 1 more failure")
    }

    @Test mutating func itsEndIsToldOnceWithHowLongItWas() {
        #expect(log.answered("it answers", at: .seconds(1)) == nil)
        _ = log.failed("refused", at: .seconds(10))
        #expect(log.answered("it answers", at: .seconds(13)) == "it answers, after 3 s")
        #expect(!log.isOut)
        #expect(log.answered("it answers", at: .seconds(14)) == nil)
        // The next one is told at once.
        #expect(log.failed("refused", at: .seconds(15)) == "refused")
    }

    @Test mutating func troubleThatPassesIsNotTold() {
        #expect(log.troubled("one broker", at: .seconds(0)) == nil)
        #expect(log.troubled("one broker", at: .seconds(9)) == nil)
        #expect(!log.isOut)
        // What comes again after more than a minute is trouble of its own.
        #expect(log.troubled("one broker", at: .seconds(70)) == nil)
        #expect(log.troubled("one broker", at: .seconds(79)) == nil)
    }

    @Test mutating func troubleThatLastsIsToldOnceAMinuteAndIsNoOutage() {
        #expect(log.troubled("one broker", at: .seconds(0)) == nil)
        #expect(log.troubled("one broker", at: .seconds(10)) == "one broker")
        #expect(log.troubled("one broker", at: .seconds(69)) == nil)
        #expect(log.troubled("one broker", at: .seconds(70)) == "still failing after 1 min 10 s: 2 more failures")
        #expect(!log.isOut)
        // Other brokers answer meanwhile.
        #expect(log.answered("it answers", at: .seconds(71)) == nil)
    }

    @Test mutating func troubleThatTurnsOutToBeAnOutageIsOneLine() {
        #expect(log.troubled("one broker", at: .seconds(0)) == nil)
        #expect(log.failed("all brokers", at: .seconds(0)) == "all brokers")
        #expect(log.troubled("one broker", at: .seconds(1)) == nil)
        #expect(log.failed("all brokers", at: .seconds(2)) == nil)
        #expect(log.answered("they answer", at: .seconds(61)) == "they answer, after 1 min 1 s")
    }
}
