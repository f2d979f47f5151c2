import Elements
import StateFixtures
import Testing

@testable import LatentSheets

@Suite struct SheetScoreTests {
    private let explanation = SheetFixture.explanation(1)

    private func shown(
        _ value: Double?, _ lower: Double = 0.6, _ upper: Double = 0.9, failed: Int = 0, control: Double? = nil
    ) -> SheetScore {
        let score = SheetFixture.score(2, of: explanation, value, lower: lower, upper: upper, failed: failed)
        return SheetScore(
            score, control: control.map { SheetFixture.score(3, of: explanation, $0, control: "shuffled") })
    }

    @Test func aScoreStandsWithIntervalCountsChanceAndControl() {
        let score = shown(0.84, 0.76, 0.90, control: 0.51)
        #expect(score.text == "detection .84 [.76–.90] n=40 f=0")
        #expect(score.chance == 0.5)
        #expect(score.control?.name == "shuffled" && score.control?.value == 0.51)
        #expect(score.doubts.isEmpty)
    }

    @Test func whatNothingCouldBeJudgedOfHasNoNumber() {
        let score = shown(nil, failed: 40)
        #expect(score.headline == nil)
        #expect(score.text == "detection ? n=0 f=40")
        #expect(score.doubts == ["nothing could be judged"])
    }

    @Test func failedVerdictsLeaveTheScoreOfThoseThatAnswered() {
        let score = shown(0.84, 0.70, 0.95, failed: 17)
        #expect(score.headline?.value == 0.84)
        #expect(score.text.hasSuffix("n=40 f=17"))
        #expect(score.doubts == ["17 of 57 verdicts failed"])
        #expect(shown(0.84, 0.70, 0.95, failed: 4).doubts.isEmpty)
    }

    @Test func aScoreThatSaysLittleIsCalledSo() {
        #expect(shown(0.4, 0.3, 0.49).doubts == ["below chance (.50)"])
        #expect(shown(0.55, 0.45, 0.65).doubts == ["not told from chance (.50)"])
        #expect(shown(0.55, 0.5, 0.65).doubts == ["not told from chance (.50)"])
        #expect(shown(0.93, 0.9, 0.97, control: 0.93).doubts == ["its control is as high (.93)"])
        #expect(shown(0.93, 0.9, 0.97, control: 0.86).doubts.isEmpty)
    }

    @Test func chanceIsThatOfTheMethod() {
        var score = SheetFixture.score(2, of: explanation, 0.1, lower: 0.02, upper: 0.2)
        score.method = "simulation"
        #expect(SheetScore(score, control: nil).chance == 0)
        #expect(SheetScore(score, control: nil).doubts.isEmpty)
    }
}
