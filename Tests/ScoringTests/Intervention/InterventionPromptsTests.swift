import Elements
import Hashing
import Testing

@testable import Scoring

@Suite struct InterventionPromptsTests {
    private func example(_ tokens: [UInt32], _ activations: [Float]) -> Example {
        let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 1))
        return Example(
            window: Window(tokens: tokens, identity: identity, priority: identity.high), activations: activations)
    }

    private func many(_ count: Int, first: UInt32) -> [Example] {
        (0..<count).map { example([first, UInt32($0 + 100), 7, 8], [0, 0, Float($0 + 1), 0]) }
    }

    @Test func aPromptEndsWithTheFirstTokenThatFiresBehindTheFirst() throws {
        let train = [example([5, 6, 7, 8], [3, 0, 2, 9])]
        let heldOut = [
            example([5, 6, 9, 8], [0, 0, 0, 4]), example([9, 9, 6, 7], [0, 1, 5, 0]), example([4, 4], [7, 0]),
            example([0, 3, 2], [0, 6, 0]), example([2, 0, 2, 2], [0, 8, 0, 2]),
        ]
        let prompts = try InterventionPrompts(
            latent: 3, train: train, heldOut: heldOut, settings: InterventionSettings(), seed: 0, bos: 0)
        #expect(prompts.explaining == [[0, 5, 6, 7]])
        #expect(Set(prompts.scoring) == [[0, 5, 6, 9, 8], [0, 9, 9], [0, 3], [0, 2, 0, 2, 2]])
        #expect(prompts.activation == (2 + 4 + 1 + 6 + 2) / 5)
        let bare = try InterventionPrompts(
            latent: 3, train: train, heldOut: heldOut, settings: InterventionSettings(), seed: 0, bos: nil)
        #expect(bare.explaining == [[5, 6, 7]] && Set(bare.scoring).contains([2, 0]))
    }

    @Test func promptsComeEvenlyFromRanksInAnyOrderOfWindows() throws {
        var settings = InterventionSettings()
        settings.scoringPrompts = 20
        let (train, heldOut) = (many(50, first: 1), many(100, first: 2))
        let prompts = try InterventionPrompts(
            latent: 3, train: train, heldOut: heldOut, settings: settings, seed: 5, bos: nil)
        #expect(prompts.explaining.count == 10 && prompts.scoring.count == 20)
        // The second token tells the rank.
        for block in 0..<5 {
            let ranks = prompts.scoring.map { Int($0[1]) - 100 }
            #expect(ranks.count { $0 / 20 == block } == 4)
            #expect(prompts.explaining.count { (Int($0[1]) - 100) / 10 == block } == 2)
        }
        let other = try InterventionPrompts(
            latent: 3, train: train.reversed(), heldOut: heldOut.shuffled(), settings: settings, seed: 5, bos: nil)
        #expect(other == prompts)
        let reseeded = try InterventionPrompts(
            latent: 3, train: train, heldOut: heldOut, settings: settings, seed: 6, bos: nil)
        #expect(reseeded.scoring != prompts.scoring)
    }

    @Test func aPromptOccursOnce() throws {
        // Windows that differ behind their cut only, and one that the explanation was made from.
        let heldOut = [
            example([1, 2, 7], [0, 3, 0]), example([1, 2, 8], [0, 3, 1]), example([1, 4, 7], [0, 3, 0]),
            example([1, 5, 7], [0, 3, 0]),
        ]
        let prompts = try InterventionPrompts(
            latent: 3, train: [example([1, 5, 9], [0, 1, 0])], heldOut: heldOut, settings: InterventionSettings(),
            seed: 0, bos: nil)
        #expect(prompts.scoring.count == 2 && Set(prompts.scoring) == [[1, 2], [1, 4]])
    }

    @Test func tooFewWindowsAreSaidToBe() {
        let error = #expect(throws: ScoringError.self) {
            _ = try InterventionPrompts(
                latent: 3, train: many(3, first: 1), heldOut: many(1, first: 2), settings: InterventionSettings(),
                seed: 0, bos: nil)
        }
        #expect(error?.kind == .tooFewExamples)
        #expect(throws: ScoringError.self) {
            _ = try InterventionPrompts(
                latent: 3, train: [], heldOut: many(9, first: 2), settings: InterventionSettings(), seed: 0, bos: nil)
        }
    }
}
