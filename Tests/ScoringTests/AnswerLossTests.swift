import Testing

@testable import Scoring

@Suite struct AnswerLossTests {
    /// The reason where of fifty positives and fifty negatives some are missing, and the others say `yes` of positives and
    /// `no` of negatives unless `word` is all they say.
    private func reason(_ positives: Int, _ negatives: Int, of count: Int = 50, word: Bool? = nil) -> String? {
        let isPositive = (0..<2 * count).map { $0 < count }
        let answers = isPositive.enumerated().map { index, isPositive -> Bool? in
            index % count < (isPositive ? positives : negatives) ? nil : word ?? isPositive
        }
        return AnswerLoss(isPositive: isPositive, answers: answers).reason
    }

    @Test(arguments: [(0, 0), (5, 5), (16, 16), (7, 2), (2, 7), (1, 0), (5, 0), (10, 12)])
    func aFewThatFallOnBothSidesLeaveAScore(positives: Int, negatives: Int) {
        #expect(reason(positives, negatives) == nil)
    }

    @Test(arguments: [(17, 17), (50, 50), (34, 0), (20, 14)])
    func moreThanAThirdDoNot(positives: Int, negatives: Int) {
        #expect(reason(positives, negatives) != nil)
    }

    @Test func thoseOfOneSideDoNot() {
        #expect(
            reason(0, 15)
                == "the answers that are missing fall on one side: 15 of them on windows in which it is silent")
        #expect(reason(15, 0)?.hasSuffix("15 of them on windows in which the latent fires") == true)
        #expect(
            reason(0, 17) == "more than a third of the answers about the 50 windows in which it is silent are missing")
        #expect(reason(0, 4, of: 10) != nil && reason(0, 3, of: 10) == nil)
    }

    @Test func aJudgeThatCanSayOneWordOnlyHasNoScore() {
        #expect(reason(9, 9, word: true) == "18 of 100 answers are missing, and all others say yes")
        #expect(reason(9, 9, word: false) == "18 of 100 answers are missing, and all others say no")
        #expect(reason(5, 5, word: true) == nil)
        #expect(reason(0, 0, word: true) == nil)
    }

    @Test func answersThatAreNoWordsHaveSidesToo() {
        let isPositive = (0..<40).map { $0 < 20 }
        #expect(AnswerLoss(isPositive: isPositive, missing: (0..<40).map { $0 < 7 }).reason != nil)
        #expect(AnswerLoss(isPositive: isPositive, missing: (0..<40).map { $0 % 5 == 0 }).reason == nil)
        #expect(AnswerLoss(missing: 4, of: 10).reason == "more than a third of 10 answers are missing")
        #expect(AnswerLoss(missing: 3, of: 10).reason == nil)
    }
}
