import Elements
import Explaining
import StateFixtures
import Testing

@testable import Daemon

@Suite struct SuccessionBookTests {
    private static func challenger(_ number: UInt64, of standing: UInt64, text: String? = nil) -> Explanation {
        Fixture.explanation(
            number, text: text, windows: 100 * number, epoch: number,
            again: ExplainedAgain(standing: Fixture.hash(standing), reason: .grown))
    }

    private func book(_ explanations: [Explanation] = [], _ choices: [Choice] = []) -> SuccessionBook {
        var book = SuccessionBook(explanations: explanations, choices: choices)
        book.register("executed", latents: [3])
        book.register("detected", latents: [3, 4])
        book.register("elsewhere", latents: [9])
        return book
    }

    private func pair(_ node: String, _ standing: Double?, _ challenger: Double?) -> PairedScore {
        PairedScore(node: node, standing: standing, challenger: challenger)
    }

    @Test func aChallengerStandsOnceEveryNodeHasSpokenAndItIsBetter() {
        var book = book()
        let (first, second) = (Fixture.explanation(1), Self.challenger(2, of: 1))
        #expect(book.admit(first) == nil && book.admit(second) == nil)
        #expect(book.current == [first, second])
        #expect(book.contest(of: second)?.standing == first)
        #expect(book.report(pair("executed", 0.5, 0.9), on: second.job, of: 3, epoch: 5) == nil)
        #expect(book.stands(first))
        // A node that speaks twice has one voice.
        #expect(book.report(pair("executed", 0.9, 0.1), on: second.job, of: 3, epoch: 5) == nil)
        let choice = book.report(pair("detected", 0.75, 0.7), on: second.job, of: 3, epoch: 6)
        #expect(choice?.outcome == .replaced && choice?.epoch == 6 && choice?.reason == .grown)
        #expect(choice?.scores == [pair("detected", 0.75, 0.7), pair("executed", 0.5, 0.9)])
        #expect(book.stands(second) && book.current == [second])
        #expect(book.replacements == [SuccessionBook.Replacement(old: first.job, new: second)])
        #expect(book.report(pair("detected", 0.1, 0.2), on: second.job, of: 3, epoch: 7) == nil)
    }

    @Test func aChallengerThatIsNotBetterIsHistory() {
        var book = book([Fixture.explanation(1)])
        let second = Self.challenger(2, of: 1)
        #expect(book.admit(second) == nil)
        _ = book.report(pair("executed", nil, nil), on: second.job, of: 3, epoch: 2)
        let choice = book.report(pair("detected", 0.7, 0.7), on: second.job, of: 3, epoch: 2)
        #expect(choice?.outcome == .kept && book.stands(Fixture.explanation(1)) && book.replacements.isEmpty)
        // The evidence counts as explained from, though what stands is older.
        #expect(book.candidates.map(\.past.basis.windowsFired) == [200])
        #expect(book.candidates.first?.past.wasAgain == true && book.candidates.first?.standing == Fixture.hash(1))
    }

    @Test func theSameTextNeedsNoComparison() {
        var book = book([Fixture.explanation(1, text: "dates")])
        let choice = book.admit(Self.challenger(2, of: 1, text: "dates"))
        #expect(choice?.outcome == .confirmed && choice?.scores == [])
        #expect(book.stands(Fixture.explanation(1)) && book.candidates.map(\.past.basis.windowsFired) == [200])
    }

    @Test func aLatentHasOneChallengerAtATime() {
        var book = book([Fixture.explanation(1)])
        #expect(book.candidates.map(\.latent) == [3])
        book.ask(3)
        #expect(book.candidates.isEmpty)
        #expect(book.admit(Self.challenger(2, of: 1)) == nil)
        #expect(book.candidates.isEmpty)
        #expect(book.admit(Self.challenger(4, of: 1))?.outcome == .kept)
        #expect(book.contest(of: Self.challenger(2, of: 1)) != nil)
        #expect(book.contest(of: Self.challenger(4, of: 1)) == nil)
    }

    @Test func withoutANodeToCompareByNothingIsExplainedAgain() {
        var book = SuccessionBook(explanations: [Fixture.explanation(1), Fixture.explanation(5, latent: 4)])
        #expect(book.candidates.isEmpty)
        book.register("detected", latents: [4])
        #expect(book.candidates.map(\.latent) == [4])
        // One asked for while there was a node, and made after it had gone.
        #expect(book.admit(Self.challenger(2, of: 1))?.outcome == .kept)
    }

    @Test func whatHasFallenCountsUntilTheLatentIsExplainedAgain() {
        var book = book([Fixture.explanation(1)])
        book.noteFallen(Fixture.hash(77), of: 3, isFallen: true)
        #expect(book.candidates.first?.past.hasFallen == false)
        book.noteFallen(Fixture.hash(1), of: 3, isFallen: true)
        #expect(book.candidates.first?.past.hasFallen == true)
        book.ask(3)
        book.noteNothing(of: 3, basis: EvidenceBasis(windowsFired: 120, sample: 0, deciles: []))
        #expect(book.candidates.first?.past.hasFallen == false)
        #expect(book.candidates.first?.past.basis.windowsFired == 120)
    }

    /// Closing the book after any step and opening it with what is stored by then leads to the same end.
    @Test func aBookOpenedAnewGoesOnWhereItWas() {
        let steps = (2...6).map { Self.challenger($0, of: $0 == 2 ? 1 : 2) }
        func run(reopening: Int) -> (choices: [Choice], current: [Explanation], candidates: [SuccessionBook.Candidate])
        {
            var explanations = [Fixture.explanation(1)]
            var choices: [Choice] = []
            var live = book(explanations)
            var step = 0
            func reopen() {
                step += 1
                if step == reopening { live = book(explanations, choices) }
            }
            for challenger in steps {
                explanations.append(challenger)
                if let choice = live.admit(challenger) { choices.append(choice) }
                reopen()
                // The scores are on disk: after a restart each node reports what it had found once more.
                for node in ["detected", "executed"] {
                    let found = pair(node, 0.5, challenger.job == Fixture.hash(2) ? 0.75 : 0.5)
                    for name in ["detected", "executed"] where name <= node {
                        let again = name == node ? found : pair(name, 0.5, found.challenger)
                        if let choice = live.report(again, on: challenger.job, of: 3, epoch: 9) {
                            choices.append(choice)
                        }
                    }
                    reopen()
                }
            }
            return (choices, live.current, live.candidates)
        }
        let whole = run(reopening: 0)
        #expect(whole.choices.map(\.outcome) == [.replaced, .kept, .kept, .kept, .kept])
        for reopening in 1...15 {
            let other = run(reopening: reopening)
            #expect(other.choices == whole.choices && other.current == whole.current)
            #expect(other.candidates == whole.candidates)
        }
    }
}
