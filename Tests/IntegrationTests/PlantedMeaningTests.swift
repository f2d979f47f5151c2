import Elements
import Foundation
import Hashing
import LanguageModels
import Scoring
import Testing
import Tokenization

/// Latents that respond to a topic, and explanations that name it, another one, or half of it, before the real encoder.
@Suite(.timeLimit(.minutes(5))) struct PlantedMeaningTests {
    /// Words as tokens.
    private struct Words: TokenDecoder {
        let words: [String]
        var count: Int { words.count }
        func bytes(of token: UInt32) -> [UInt8] {
            Int(token) < words.count ? Array((" " + words[Int(token)]).utf8) : []
        }
        func isSpecial(_ token: UInt32) -> Bool { false }
    }

    private static let topics: [(name: String, words: String)] = [
        (
            "cooking and recipes",
            "oven butter flour onion simmer garlic recipe bake sauce pan chef dough spice roast soup"
        ),
        (
            "football matches",
            "goal striker referee penalty league midfield coach stadium tackle defender keeper pitch derby"
        ),
        (
            "astronomy and planets",
            "telescope galaxy planet orbit nebula star comet moon eclipse Jupiter asteroid cosmos"
        ),
        (
            "banks and finance",
            "loan interest bank shares dividend mortgage investor credit bond deposit market debt broker"
        ),
        (
            "doctors and illness",
            "patient fever surgeon hospital vaccine symptom nurse infection clinic diagnosis dose therapy"
        ),
        (
            "computer programming",
            "compiler function variable loop debug array string algorithm syntax parser thread software"
        ),
    ]
    private static let filler = "the a of and with near their was then more this new after before from some".split(
        separator: " "
    ).map(String.init)

    private let text: Words
    /// By topic: windows of eight of its words among fillers.
    private let windows: [[Window]]

    init() {
        let vocabulary = Self.filler + Self.topics.flatMap { $0.words.split(separator: " ").map(String.init) }
        let numbers = Dictionary(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, UInt32($0)) })
        var state: UInt64 = 42
        func draw(_ words: [String]) -> UInt32 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return numbers[words[Int(state >> 33) % words.count]] ?? 0
        }
        windows = Self.topics.map { topic in
            let own = topic.words.split(separator: " ").map(String.init)
            return (0..<40).map { _ in
                let tokens = (0..<16).map { place in draw(place % 2 == 0 ? own : Self.filler) }
                let identity = SipHasher.hash128(tokens: tokens, key: SipKey(k0: 1, k1: 2))
                return Window(tokens: tokens, identity: identity, priority: identity.high)
            }
        }
        text = Words(words: vocabulary)
    }

    /// The score of an explanation on the windows of a latent that fires at some topics.
    private func score(_ explained: String, firingAt topics: Set<Int>) throws -> Score {
        let positives = topics.sorted().flatMap { windows[$0] }.map { window in
            Example(window: window, activations: window.tokens.map { _ in 1 })
        }
        let negatives = windows.indices.filter { !topics.contains($0) }.flatMap { windows[$0] }.map { window in
            PoolWindow(window: window, latents: [], isTrain: false, isTest: true)
        }
        let explanation = Explanation(
            job: Hash128(high: 1, low: 1), node: "prose",
            coder: CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 6, digest: Hash128(high: 1, low: 2)),
            latent: topics.min() ?? 0, text: explained, predicate: nil,
            provenance: Provenance(
                explainer: "test", sampling: "none", promptVersion: "1", model: nil, seed: 0,
                evidenceDigest: Hash128(high: 0, low: 0), epoch: 1, shown: []))
        let task = try EmbeddingTask(
            ScoreSubject(node: "embedded", explanation: explanation, seed: 3),
            heldOut: HeldOutSet(positives: positives, negatives: negatives), examples: 40, tokenDecoder: text)
        return try EmbeddingScorer.score(
            task, embeddings: try embeddings(of: task.texts), embedder: try Self.encoder.get().digest,
            tokensIn: 0)
    }

    private static let folder = Folders.root.appending(path: "models/all-MiniLM-L6-v2").path
    private static let encoder = Result { try SentenceEncoder(folder: folder) }

    private func embeddings(of texts: [String]) throws -> [TextEmbedding] {
        let encoder = try Self.encoder.get()
        let tokenizer = try Tokenizer.load(from: Self.folder)
        let tokens = texts.map { text in
            tokenizer.encodeWithTokensAround(text, maximumLength: encoder.maximumTokens).map { Int32(clamping: $0) }
        }
        let vectors = try encoder.encode(tokens)
        return tokens.enumerated().map { index, tokens in
            TextEmbedding(
                vector: Array(vectors[index * encoder.width..<(index + 1) * encoder.width]), tokens: tokens.count)
        }
    }

    @Test func theNearerTheTruthTheHigherTheScore() throws {
        var shuffled: [Double] = []
        for (topic, name) in Self.topics.map(\.name).enumerated() {
            let other = (topic + 1) % Self.topics.count
            let truth = try #require(score("Texts about \(name).", firingAt: [topic]).headline)
            #expect(truth.value > 0.9, "\(name)")
            // Fires at two topics, of which the explanation names one.
            let half = try #require(score("Texts about \(name).", firingAt: [topic, other]).headline)
            #expect(half.value < truth.value && half.value > 0.5, "\(name): \(half.value)")
            // On the windows of a latent that fires at half of all topics, its own among them or not, chance is a half.
            for firing in [[0, 1, 2], [3, 4, 5]] {
                shuffled.append(try #require(score("Texts about \(name).", firingAt: Set(firing)).headline).value)
            }
            let wrong = try #require(score("Texts about \(Self.topics[other].name).", firingAt: [topic]).headline)
            #expect(wrong.value < half.value, "\(name): \(wrong.value)")
        }
        let mean = shuffled.reduce(0, +) / Double(shuffled.count)
        #expect(abs(mean - 0.5) < 0.05)
    }
}
