import Testing

@testable import Observability

@Suite struct TimeLeftTests {
    /// What is left after some moments, one a second.
    private func answer(
        expecting expected: [String: TimeLeft.Expectation] = [:], seconds: ClosedRange<Int>,
        _ moment: (Double) -> RunMoment
    ) -> TimeLeft.Answer {
        var timeLeft = TimeLeft(expecting: expected)
        for second in seconds { timeLeft.note(moment(Double(second))) }
        return timeLeft.answer
    }

    private func seconds(_ answer: TimeLeft.Answer) -> Double? {
        if case .seconds(let seconds, _) = answer { seconds } else { nil }
    }

    /// Reads 100 records of 10 tokens a second, of which 50 tokens a second are worked on.
    private func reading(_ second: Double, records: Double = 100) -> RunMoment {
        let read = min(second * 20, records)
        let tokens = min(second * 50, read * 10)
        return RunMoment(
            seconds: second, processor: 2 * second, tokensRead: Int(read * 10), tokens: Int(tokens),
            extents: [SourceExtent(read: Int64(read), left: Int64(records - read))])
    }

    @Test func whatIsReadAheadIsStillLeft() {
        // After 3 s 600 tokens are read and 150 worked on, and 400 more are to be read: 850 at 50 a second.
        #expect(seconds(answer(seconds: 0...3) { reading($0) }).map { abs($0 - 17) < 1 } == true)
        // All is read after 5 s.
        #expect(seconds(answer(seconds: 0...10) { reading($0) }).map { abs($0 - 10) < 1 } == true)
        #expect(answer(seconds: 0...20) { reading($0) } == .nothing)
    }

    @Test func theShareThatIsToldBecomesNoLessWhileDocumentsWaitToBeCut() {
        // A hundred of a thousand records wait to be cut into tokens, and some tokens wait to be worked on.
        var timeLeft = TimeLeft()
        var shares: [Double] = []
        for second in 0...100 {
            let (read, cut) = (min(second * 10 + 100, 1000), second * 100)
            timeLeft.note(
                RunMoment(
                    seconds: Double(second), tokensRead: cut, tokens: second < 100 ? max(cut - 30, 0) : cut,
                    extents: [SourceExtent(read: Int64(read), left: Int64(1000 - read))]))
            if let share = timeLeft.shareDone { shares.append(share) }
            if second > 50 { #expect(timeLeft.shareDone.map { abs($0 - Double(second) / 100) < 0.02 } == true) }
        }
        #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 } && shares.last == 1)
        // A source that grows is another matter.
        timeLeft.note(
            RunMoment(
                seconds: 101, tokensRead: 10_000, tokens: 10_000, extents: [SourceExtent(read: 1000, left: 1000)]))
        #expect(timeLeft.shareDone.map { $0 < 0.9 } == true)
        #expect(TimeLeft().shareDone == nil)
    }

    @Test func aSourceOfUnknownLengthTellsNothing() {
        var unknown = reading(3)
        unknown.extents.append(nil)
        #expect(answer(seconds: 0...3) { _ in unknown } == .unknown)
        #expect(answer(seconds: 0...0) { reading($0) } == .unknown)
    }

    @Test func theRateIsThatOfTheLastMinute() {
        // Ten times faster before the last minute.
        let answer = answer(seconds: 0...200) { second in
            let tokens = second < 100 ? second * 100 : 10_000 + (second - 100) * 10
            return RunMoment(
                seconds: second, tokensRead: 12_000, tokens: Int(tokens), extents: [SourceExtent(read: 1, left: 0)])
        }
        #expect(seconds(answer) == 100)
    }

    @Test func jobsTakeTheTimeThatTheirNodesTakeForThem() {
        let answer = answer(seconds: 0...30) { second in
            RunMoment(
                seconds: second, extents: [SourceExtent(read: 1, left: 0)],
                work: [
                    "detected": RunMoment.Work(done: Int(second), waiting: 90 - Int(second)),
                    "executed": RunMoment.Work(done: Int(second) * 10, waiting: 400 - Int(second) * 10),
                ])
        }
        // They work side by side.
        #expect(answer == .seconds(60, then: []))
    }

    @Test func whatHasNotBegunIsExpectedAtTheProcessorsThatTheRunHas() {
        let expected = [
            "lexical": TimeLeft.Expectation(jobs: 1000, seconds: 0.04),
            "detected": TimeLeft.Expectation(jobs: 16, seconds: nil),
            "idle": TimeLeft.Expectation(jobs: 0, seconds: nil),
        ]
        guard case .seconds(let seconds, let then) = answer(expecting: expected, seconds: 0...10, { reading($0) })
        else {
            Issue.record("nothing is told")
            return
        }
        // Two processors are busy, so that 40 s of processor time take 20 s after the 10 s of reading.
        #expect(abs(seconds - 30) < 1 && then == ["detected"])
    }

    @Test func aNodeThatNeverHasWorkIsNotWaitedFor() {
        let expected = ["lexical": TimeLeft.Expectation(jobs: 1000, seconds: 0.04)]
        #expect(answer(expecting: expected, seconds: 0...22) { reading($0) } != .nothing)
        #expect(answer(expecting: expected, seconds: 0...32) { reading($0) } == .nothing)
    }

    @Test func aNodeWithoutARateYetIsNamed() {
        let answer = answer(seconds: 0...3) { second in
            RunMoment(
                seconds: second, extents: [SourceExtent(read: 1, left: 0)],
                work: ["detected": RunMoment.Work(done: 0, waiting: 5)])
        }
        #expect(answer == .seconds(0, then: ["detected"]))
    }

    @Test func theRateIsOverTheTimeInWhichTokensWereWorkedOn() {
        var pace = IngestPace()
        #expect(pace.rate == nil)
        for second in 0...9 { pace.note(RunMoment(seconds: Double(second))) }
        for second in 10...20 { pace.note(RunMoment(seconds: Double(second), tokens: (second - 9) * 100)) }
        #expect(pace.rate == 100)
        for second in 21...500 { pace.note(RunMoment(seconds: Double(second), tokens: 1100)) }
        #expect(pace.rate == 100)
    }

    /// Seconds, bytes of a corpus of 744,963 that had been read, and tokens worked on, of a run over 300 documents that had its
    /// last of 180,671 tokens after 413 s, on a machine on which others began to build meanwhile.
    private static let recorded: [(seconds: Double, read: Int64, tokens: Int)] = [
        (10, 65141, 4076), (20, 85769, 9643), (30, 106394, 14739), (40, 134931, 19673), (50, 154739, 24825),
        (60, 179853, 30423), (70, 216029, 37172), (80, 227574, 43128), (90, 252871, 48728),
        (101, 276884, 54928), (111, 306238, 60431), (121, 323505, 66462), (131, 334649, 70608),
        (141, 347452, 73611), (151, 360151, 77793), (161, 379456, 83339), (171, 405192, 88270),
        (181, 433888, 93415), (191, 460302, 98641), (201, 479055, 103221), (211, 491317, 108355),
        (221, 511708, 111780), (231, 523523, 115449), (241, 646450, 119842), (251, 662658, 124679),
        (261, 671429, 128874), (272, 671429, 132714), (282, 671429, 137066), (292, 671429, 141418),
        (302, 671429, 146282), (312, 671429, 150378), (322, 671429, 154474), (332, 689732, 158520),
        (342, 712108, 161880), (352, 722182, 165256), (362, 732754, 168230), (372, 744963, 171161),
        (383, 744963, 174146), (393, 744963, 176770), (403, 744963, 179260),
    ]

    /// Documents that are read and not cut into tokens yet are no less to do.
    @Test(arguments: [0, 34_000] as [Int64])
    func afterAMinuteARecordedRunIsToldRightWithinWhatTheMachineLeavesIt(waiting: Int64) {
        var timeLeft = TimeLeft()
        let (bytes, tokens, end) = (Int64(744_963), 180_671.0, 413.0)
        for moment in Self.recorded {
            // The recording has no count of tokens read: it is taken by the bytes.
            let read = Int((tokens * Double(moment.read - waiting) / Double(bytes)).rounded(.up))
            timeLeft.note(
                RunMoment(
                    seconds: moment.seconds, tokensRead: max(read, moment.tokens + 1), tokens: moment.tokens,
                    extents: [SourceExtent(read: moment.read, left: bytes - moment.read)]))
            let left = end - moment.seconds
            guard moment.seconds >= 60, left >= 60 else { continue }
            let share = (seconds(timeLeft.answer) ?? 0) / left
            #expect((0.6...1.4).contains(share), "\(share) of what was left after \(moment.seconds) s")
        }
    }
}
