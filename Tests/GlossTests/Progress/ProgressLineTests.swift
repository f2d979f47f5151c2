import Foundation
import Running
import Testing

@testable import Observability
@testable import gloss

@Suite struct ProgressLineTests {
    private func line(
        _ timeLeft: TimeLeft.Answer = .unknown, extents: [SourceExtent?] = [], rate: Double? = nil,
        _ set: (inout RunProgress.Reading) -> Void = { _ in }
    ) -> ProgressLine {
        var reading = RunProgress.Reading()
        set(&reading)
        let moment = RunMoment(reading, extents: extents, at: 1)
        var forecast = TimeLeft()
        forecast.note(moment)
        return ProgressLine(
            reading: reading, moment: moment, rate: rate, timeLeft: timeLeft, shareDone: forecast.shareDone)
    }

    private func read(_ reading: inout RunProgress.Reading) {
        (reading.records, reading.tokensRead, reading.tokens) = (30, 4000, 2000)
    }

    @Test func itBeginsWithWhatHappensNow() {
        #expect(line().text == "waiting for the first record · 0 records · 0 tokens")
        #expect(line(extents: [SourceExtent(read: 0, left: 0)]).headline == "nothing new to read")
        #expect(line(extents: [nil], read).headline == "reading")
        // Half of the source is read and half of that worked on.
        #expect(line(extents: [SourceExtent(read: 10, left: 10)], read).headline == "reading 25 %")
        let all = [SourceExtent(read: 20, left: 0)]
        #expect(line(extents: all, read).headline == "reading 50 %")
        let done = line(.nothing, extents: all) { reading in
            read(&reading)
            reading.tokens = 4000
        }
        #expect(done.headline == "all is done")
        let busy = line(extents: all) { reading in
            (reading.tokens, reading.records, reading.tokensRead) = (9, 1, 9)
            reading.waiting = ["detected": 3]
        }
        #expect(busy.text == "explaining and scoring · 1 record · 9 tokens · detected 3 to do")
    }

    @Test func jobsThatAreDoneBesideTheReadingAreSaid() {
        let both = line(extents: [SourceExtent(read: 10, left: 10)]) { reading in
            read(&reading)
            reading.waiting = ["lexical": 3]
        }
        #expect(both.headline == "reading 25 %, explaining and scoring")
    }

    /// A line at the end of a run.
    private func ended(
        _ outcome: RunOutcome, _ timeLeft: TimeLeft.Answer = .nothing, read: Int64 = 20,
        _ set: (inout RunProgress.Reading) -> Void = { _ in }
    ) -> ProgressLine {
        var line = line(timeLeft, extents: [SourceExtent(read: read, left: 20 - read)]) { reading in
            (reading.records, reading.tokensRead, reading.tokens) = (30, 4000, 4000)
            set(&reading)
        }
        line.ending = outcome
        return line
    }

    @Test func aStopWithJobsLeftIsNotSaidToHaveDoneAll() {
        #expect(ended(RunOutcome(isStopped: true)).headline == "all is done")
        // A stop has taken the jobs out of the queue.
        let stopped = ended(RunOutcome(isStopped: true, open: ["detected": 3]))
        #expect(stopped.headline == "stopped")
        let early = ended(
            RunOutcome(isStopped: true, open: ["detected": 3]), .seconds(90, then: []), read: 5)
        #expect(early.headline == "stopped after 25 % of what the sources hold" && !early.text.contains(" left · "))
        let left = ended(RunOutcome(isStopped: false, left: ["detected": 2])) { $0.left = ["detected": 2] }
        #expect(left.headline == "all is done but 2 jobs")
        let held = ended(RunOutcome(isStopped: false)) { $0.held = ["prose": 1] }
        #expect(held.headline == "all is done but 1 job")
        let unpublished = ended(RunOutcome(isStopped: true, unpublished: ["a": 1, "b": 3])) { $0.held = ["prose": 1] }
        #expect(unpublished.headline == "all is done but 1 job and 4 messages")
    }

    @Test func theTimeThatIsLeftComesNext() {
        #expect(
            line(.seconds(118, then: []), rate: 1234.4, read).text.hasPrefix("reading · about 2 min left · 30 records"))
        #expect(line(.seconds(118, then: []), rate: 1234.4, read).text.hasSuffix("2000 tokens (1234/s)"))
        #expect(
            line(.seconds(40, then: ["detected", "prose"]), read).text
                .contains(" · about 40 s left and the jobs of detected, prose · "))
        #expect(line(.seconds(0, then: ["prose"]), read).text.contains(" · then prose · "))
    }

    @Test func controlsAreNoScores() {
        let text = line { reading in
            reading.explanations = ["lexical": 4]
            reading.scores = ["executed": 8, "meant": 2]
            reading.controls = ["executed": 4]
        }.text
        #expect(text.hasSuffix("lexical 4 explained · executed 4 scored, 4 controls · meant 2 scored"))
    }

    @Test func aLineIsTheSameAsLongAsNothingHappens() {
        let since = Date(timeIntervalSince1970: 3600)
        func waiting(_ seconds: Double) -> ProgressLine {
            line(.seconds(seconds, then: [])) { reading in
                reading.waiting = ["detected": 3]
                var server = ServerReach()
                server.awaySince = since
                reading.servers = ["judge": server]
            }
        }
        #expect(waiting(10).counted == waiting(700).counted && waiting(10).text != waiting(700).text)
        #expect(waiting(1).text.contains("judge away since 01:00:00Z"))
    }

    @Test func theTurnsOfARunAreToldOnce() {
        var story = RunStory()
        let half = [SourceExtent(read: 10, left: 10)]
        let all = [SourceExtent(read: 20, left: 0)]
        var told = story.note(RunMoment(seconds: 1, extents: half), records: 0, scores: 0)
        told += story.note(RunMoment(seconds: 5, tokensRead: 100, tokens: 50, extents: half), records: 4, scores: 0)
        #expect(told.isEmpty)
        let read = RunMoment(seconds: 61, tokensRead: 200, tokens: 200, extents: all)
        told = story.note(read, records: 8, scores: 0)
        #expect(told == ["all that the sources hold is read: 8 records, 200 tokens in 1 min"])
        told = story.note(read, records: 8, scores: 2)
        #expect(told.count == 1 && story.firstScore == 61)
        told = story.note(read, records: 8, scores: 5)
        #expect(told.isEmpty)
    }
}
