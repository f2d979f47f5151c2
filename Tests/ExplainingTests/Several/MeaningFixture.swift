import Elements
import Hashing

@testable import Explaining

/// Windows of templates, for tests: a latent fires at one token of each, and some of the words round it are the template's.
struct MeaningFixture {
    /// Words ` w0` to ` w999`.
    static let text = ToyVocabulary.words(1000)

    /// A window in which the latent fires at `trigger`; `words` are the template's own, others come from 500 on.
    static func example(
        _ trigger: UInt32, words: [UInt32] = [], activation: Float = 2, using generator: inout TestGenerator
    ) -> Example {
        var tokens = (0..<16).map { _ in UInt32.random(in: 500..<1000, using: &generator) }
        tokens[9] = trigger
        for (place, word) in words.enumerated() where place < 4 { tokens[8 - place] = word }
        return Example(window: toyWindow(tokens), activations: tokens.indices.map { $0 == 9 ? activation : 0 })
    }

    /// So many windows of each template in turn.
    static func windows(_ templates: [(trigger: UInt32, words: [UInt32])], each: Int, seed: UInt64) -> [Example] {
        var generator = TestGenerator(state: seed)
        return (0..<each).flatMap { _ in
            templates.map { example($0.trigger, words: $0.words, using: &generator) }
        }
    }

    /// Windows at a token of their own each.
    static func noise(_ count: Int, seed: UInt64) -> [Example] {
        var generator = TestGenerator(state: seed)
        return (0..<count).map { example(UInt32($0), using: &generator) }
    }

    /// Train windows in which latent 5 is silent, and the given ones.
    static func pool(_ firing: [Example] = [], seed: UInt64 = 99) -> [PoolWindow] {
        var generator = TestGenerator(state: seed)
        return firing.map { PoolWindow(window: $0.window, latents: [5], isTrain: true, isTest: false) }
            + (0..<200).map { _ in
                PoolWindow(
                    window: toyWindow((0..<16).map { _ in UInt32.random(in: 0..<1000, using: &generator) }),
                    latents: [], isTrain: true, isTest: false)
            }
    }

    static func meanings(
        _ train: [Example], settings: SeveralSettings = SeveralSettings(), seed: UInt64 = 7
    ) -> LatentMeanings {
        LatentMeanings(
            of: toyEvidence(latent: 5, train: train), rarity: TokenRarity(pool: pool(), tokenDecoder: text),
            settings: settings, seed: seed, tokenDecoder: text)
    }
}
