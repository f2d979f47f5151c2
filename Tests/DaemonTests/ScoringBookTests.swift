import Elements
import Scoring
import StateFixtures
import Testing

@testable import Daemon

@Suite struct ScoringBookTests {
    private func explanation(_ latent: Int, node: String = "prose", text: String? = nil) -> Explanation {
        Explanation(
            job: Fixture.hash(UInt64(latent) + 1000), node: node, coder: Fixture.coder, latent: latent,
            text: text ?? "label \(latent)", predicate: nil,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "1", model: nil, seed: 7,
                evidenceDigest: Fixture.hash(2), epoch: 3, shown: []))
    }

    private func book(limit: Int = .max, scores: [Score] = []) -> ScoringBook {
        ScoringBook(latents: Set(0..<50), seed: 1, limit: limit, scores: scores)
    }

    /// Takes latents in and notes them as scored.
    private func score(_ latents: Range<Int>, in book: inout ScoringBook) {
        for explanation in book.take(latents.map { explanation($0) }) {
            book.note(explanation.job, of: "prose", latent: explanation.latent, control: nil)
        }
    }

    @Test func anExplanationIsScoredOnceAndOnlyWhereItsLatentIsTaken() {
        var book = book()
        #expect(book.take([explanation(1), explanation(60), explanation(2)]).map(\.latent) == [1, 2])
        #expect(book.take([explanation(1), explanation(3)]).map(\.latent) == [3])
        #expect(book.coverage.explained == [1, 2, 3] && book.coverage.scorable.isEmpty)
    }

    @Test func controlsAreOwedOnceForEveryLatentThatCouldBeScored() {
        var book = book()
        #expect(book.controls().isEmpty)
        score(0..<20, in: &book)
        _ = book.take([explanation(30)])
        let controls = book.controls()
        #expect(Set(controls.map(\.own.latent)) == Set(0..<20))
        #expect(controls.allSatisfy { $0.own.latent != $0.other.latent })
        #expect(book.controls().isEmpty)
        score(20..<25, in: &book)
        #expect(Set(book.controls().map(\.own.latent)) == Set(20..<25))
    }

    @Test func aLimitTakesTheSameLatentsWhateverTheOrder() {
        var (first, second) = (book(limit: 5), book(limit: 5))
        score(0..<20, in: &first)
        score(10..<20, in: &second)
        score(0..<10, in: &second)
        let controls = first.controls()
        #expect(controls.count == 5 && second.controls() == controls)
    }

    @Test func afterARestartWhatIsMissingIsMadeAsItWouldHaveBeen() {
        var whole = book()
        score(0..<10, in: &whole)
        let all = whole.controls()
        // What a run left behind that was killed after three controls.
        var scores = (0..<10).map { Fixture.score($0, 0.5) }
        scores += all.prefix(3).map { pair in
            Score(
                job: Fixture.hash(UInt64(pair.own.latent) + 5000), node: "detected", method: "detection",
                coder: Fixture.coder, latent: pair.own.latent, explanation: pair.other.job, explainedBy: "prose",
                text: "", headline: nil, details: [:], judged: 0, failed: 0, tokensIn: 0, tokensOut: 0,
                control: "shuffled")
        }
        var resumed = book(scores: scores)
        _ = resumed.take((0..<10).map { explanation($0) })
        #expect(resumed.controls() == Array(all.dropFirst(3)))
    }

    @Test func explainersAreShuffledEachAmongItsOwn() {
        var book = book()
        score(0..<5, in: &book)
        for explanation in book.take((0..<5).map { explanation($0, node: "lexical") }) {
            book.note(explanation.job, of: "lexical", latent: explanation.latent, control: nil)
        }
        #expect(book.controls().allSatisfy { $0.own.node == $0.other.node })
    }

    @Test func whatHasNoTextIsScoredWhereLatentsThemselvesAreTheTopic() {
        let silent = (0..<6).map { explanation($0, node: "none", text: "") }
        var texts = book()
        #expect(texts.take(silent).isEmpty)
        var latents = ScoringBook(latents: Set(0..<50), seed: 1, limit: 4, topic: .latents(control: "silent"))
        #expect(latents.take(silent) == silent)
        for explanation in silent {
            latents.note(explanation.job, of: "none", latent: explanation.latent, control: nil)
        }
        let controls = latents.controls()
        #expect(controls.count == 4 && controls.allSatisfy { $0.own == $0.other })
        #expect(Set(controls.map(\.own.latent)).count == 4 && latents.controls().isEmpty)
    }
}
