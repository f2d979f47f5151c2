import Elements
import StateFixtures
import Store
import Testing

@testable import Reports

@Suite struct EventLineTests {
    private func line(_ score: Score) -> String? { EventLine.text(of: ResultEnvelope.json(score, at: Fixture.time)) }

    @Test func aScoreIsPrintedWithItsIntervalCountsAndExplanation() {
        #expect(
            line(Fixture.score(217, 0.84, text: "months of the year", failed: 2))
                == "12:04:31Z score   codes/217  detection .84 [.74–.94] n=40 f=2  \"months of the year\"")
    }

    @Test func aControlIsMarkedAsOne() {
        #expect(
            line(Fixture.control(217, 0.5))
                == "12:04:31Z score   codes/217  detection (control: shuffled) .50 [.40–.60] n=40 f=0  \"another latent's\""
        )
    }

    @Test func aScoreOfOneKeepsItsLeadingDigit() {
        #expect(
            line(Fixture.score(3, 1, text: "dates"))
                == "12:04:31Z score   codes/3  detection 1.00 [.90–1.10] n=40 f=0  \"dates\"")
    }

    @Test func aScoreWithoutAValueSaysSoBesideItsExplanation() {
        #expect(
            line(Fixture.score(3, nil, failed: 40))
                == "12:04:31Z score   codes/3  detection ? n=40 f=40  \"dates\"")
    }

    @Test func anExplanationIsPrintedWithItsExplainer() {
        let explanation = Explanation(
            job: Fixture.hash(1), node: "prose", coder: Fixture.coder, latent: 12, text: "dates", predicate: nil,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "1", model: nil, seed: 7,
                evidenceDigest: Fixture.hash(2), epoch: 3, shown: []))
        #expect(
            EventLine.text(of: ResultEnvelope.json(explanation, at: Fixture.time))
                == "12:04:31Z explain codes/12  default unscored  \"dates\"")
    }

    @Test func aChoiceIsPrintedWithTheScoresOnWhichItRests() {
        let choice = Choice(
            challenger: Fixture.hash(2), standing: Fixture.hash(1), node: "lexical", coder: Fixture.coder, latent: 3,
            reason: .fallen, outcome: .replaced,
            scores: [PairedScore(node: "executed", standing: 0.5, challenger: 0.75)], epoch: 4)
        #expect(
            EventLine.text(of: ResultEnvelope.json(choice, at: Fixture.time))
                == "12:04:31Z choice  codes/3  lexical  replaced (fallen)  executed .50 → .75")
    }

    @Test func anExplanationMadeAgainSaysWhy() {
        let challenger = Fixture.explanation(
            2, epoch: 2, again: ExplainedAgain(standing: Fixture.hash(1), reason: .fallen))
        #expect(
            EventLine.text(of: ResultEnvelope.json(challenger, at: Fixture.time))
                == "12:04:31Z explain codes/3  lexical (again: fallen) unscored  \"label 2\"")
    }

    @Test func aScoreOfAContestIsPrintedWithItsCurrentValue() {
        func estimate(_ value: Double) -> Estimate {
            Estimate(value: value, lower: value - 0.125, upper: value + 0.125, count: 40)
        }
        let score = Score(
            job: Fixture.hash(902), node: "executed", method: "execution", coder: Fixture.coder, latent: 3,
            explanation: Fixture.hash(2), explainedBy: "lexical", text: "label 2", headline: estimate(0.75),
            details: ["current": estimate(0.375)], judged: 40, failed: 0, tokensIn: 0, tokensOut: 0
        ).noted(in: ScoringRound(epoch: 4, windowsFired: 77, recent: [], contest: Fixture.hash(2)))
        #expect(
            line(score)
                == "12:04:31Z score   codes/3  execution (contest) .75 [.62–.88] now .38 n=40 f=0  \"label 2\"")
    }

    @Test func aFailureIsPrintedWithItsNodeAndReason() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        try store.insertJobs([Fixture.job(12)])
        try store.fail(job: Fixture.job(12).id, reason: "no answer", attempts: 1)
        let event = try #require(try store.events(after: 0, limit: 1).first)
        #expect(EventLine.text(of: event.json) == "12:04:31Z fail    codes/12  prose  no answer")
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"type":"score"}"#, #"{"ts":"2026-11-23T12:04:31.120Z","type":"other"}"#,
        #"{"ts":7,"type":"score"}"#,
    ]) func whatIsNoResultHasNoLine(json: String) {
        #expect(EventLine.text(of: json) == nil)
    }

    @Test func deadLettersHaveNoLine() {
        #expect(EventLine.text(of: ResultEnvelope.json(Fixture.letter(3), at: Fixture.time)) == nil)
    }

    @Test func whatIsMissingIsShownAsUnknown() {
        #expect(
            EventLine.text(of: #"{"ts":"2026-11-23T12:04:31.120Z","type":"score"}"#)
                == "12:04:31Z score   ?/?  ? ? n=0 f=0  \"\"")
    }

    @Test func aScorerThatAbstainedHasNoFiguresInAChoice() {
        let choice = Choice(
            challenger: Fixture.hash(2), standing: Fixture.hash(1), node: "lexical", coder: Fixture.coder, latent: 3,
            reason: .grown, outcome: .kept,
            scores: [
                PairedScore(node: "a", standing: nil, challenger: 0.5),
                PairedScore(node: "b", standing: 0.5, challenger: 1),
                PairedScore(node: "c", standing: 0.5, challenger: nil),
            ], epoch: 4)
        #expect(
            EventLine.text(of: ResultEnvelope.json(choice, at: Fixture.time))
                == "12:04:31Z choice  codes/3  lexical  kept (grown)  a n/a, b .50 → 1.00, c n/a")
    }

    @Test(arguments: ["[]", "[0.1]", "[0.1,0.2,0.3]", "null"]) func anIntervalOfAnotherLengthIsLeftOut(interval: String)
    {
        let json =
            #"{"ts":"2026-11-23T12:04:31.120Z","type":"score","hookpoint":"h","latent":1,"method":"m","value":0.5,"#
            + #""ci":\#(interval),"n":4,"failed":1,"explanation":"x"}"#
        #expect(EventLine.text(of: json) == #"12:04:31Z score   h/1  m .50 n=4 f=1  "x""#)
    }

    @Test(arguments: [
        ("explanation", "explain ?/?  ? unscored  \"\""), ("choice", "choice  ?/?  ?  ? (?)  "),
        ("failure", "fail    ?/?  ?  ?"),
    ]) func everyKindOfEventCanDoWithoutMembers(type: String, line: String) {
        #expect(EventLine.text(of: #"{"ts":"noon","type":"\#(type)"}"#) == "noonZ \(line)")
    }

    @Test func nothingInAnExplanationSteersTheTerminal() {
        #expect(
            line(Fixture.score(1, 0.5, text: "a\u{1B}[31m\r\nb\u{2028}\u{202E}\u{9B}c"))?.hasSuffix("\"a[31m b c\"")
                == true)
    }
}
