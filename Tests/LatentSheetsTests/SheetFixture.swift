import Elements
import Evidence
import Hashing
import LatentSheets
import StateFixtures
import Store

/// A coder of eight latents whose tokens are letters and whose directions a test gives.
struct LetterCoder: CoderKnowledge {
    var identity = SheetFixture.coder
    var isRandom = false
    var tokenDecoder: (any TokenDecoder)? = Letters()
    var facts = [SheetFact("hookpoint", "layers.10")]
    var changes: [Float]?
    var near: [LatentNeighbour] = []
    var reexplained: [String: Reexplaining] = [:]
    var sample: Int?

    func promotion(of latent: Int) -> [Float]? { changes }
    func neighbours(of latent: Int, count: Int) -> [LatentNeighbour] { Array(near.prefix(count)) }
}

/// Tokens 0 to 25 are the letters; those from 200 on are single bytes.
struct Letters: TokenDecoder {
    var count: Int { 456 }
    func bytes(of token: UInt32) -> [UInt8] {
        token >= 200 ? [UInt8(truncatingIfNeeded: token - 200)] : token < 26 ? [UInt8(97 + token)] : []
    }
    func isSpecial(_ token: UInt32) -> Bool { false }
}

enum SheetFixture {
    static let coder = CoderIdentity(name: "codes", hookpoint: "layers.10", latents: 8, digest: Fixture.hash(3))

    /// A window of four tokens whose identity and priority are a number.
    static func window(_ number: UInt64, tokens: [UInt32] = [0, 1, 2, 3]) -> Window {
        Window(tokens: tokens, identity: Fixture.hash(number), priority: number)
    }

    static func example(_ number: UInt64, _ activations: [Float], tokens: [UInt32] = [0, 1, 2, 3]) -> Example {
        Example(window: window(number, tokens: tokens), activations: activations, document: UInt32(number))
    }

    static func silent(_ number: UInt64, tokens: [UInt32] = [4, 5, 6, 7], firing: [Int32] = []) -> PoolWindow {
        PoolWindow(
            window: window(1000 + number, tokens: tokens), latents: firing, isTrain: false, isTest: true,
            document: UInt32(number))
    }

    static func statistics(fired: UInt64, maximum: Float = 8, histogram: [UInt64] = []) -> LatentStatistics {
        LatentStatistics(
            tokensFired: fired, windowsFired: fired, sum: Double(fired) * 2, sumOfSquares: 1, maximum: maximum,
            histogram: histogram)
    }

    static func evidence(
        _ latent: Int, fired: UInt64 = 20, train: [Example] = [], top: [Example] = [], test: [Example] = []
    ) -> LatentEvidence {
        LatentEvidence(
            latent: latent, statistics: statistics(fired: fired), train: train, top: top, test: test, recent: [])
    }

    static func update(_ latents: [LatentEvidence], pool: [PoolWindow] = []) -> EvidenceUpdate {
        EvidenceUpdate(
            view: FixedView(
                coder: coder, totals: StreamTotals(tokens: 1000, contexts: 10, windows: 125), pool: pool, latents),
            epoch: 7, isCaughtUp: true)
    }

    static func explanation(
        _ number: UInt64, latent: Int = 3, text: String = "dates", node: String = "words", model: String? = nil,
        shown: [Hash128] = [], epoch: UInt64 = 7
    ) -> Explanation {
        Explanation(
            job: Fixture.hash(number), node: node, coder: coder, latent: latent, text: text, predicate: nil,
            provenance: Provenance(
                explainer: "default", sampling: "quantiles", promptVersion: "default-2", model: model, seed: 0,
                evidenceDigest: Fixture.hash(2), epoch: epoch, shown: shown))
    }

    static func score(
        _ number: UInt64, of explanation: Explanation, _ value: Double?, lower: Double = 0.6, upper: Double = 0.9,
        node: String = "detected", method: String = "detection", failed: Int = 0, control: String? = nil
    ) -> Score {
        Score(
            job: Fixture.hash(number), node: node, method: method, coder: coder, latent: explanation.latent,
            explanation: explanation.job, explainedBy: explanation.node, text: explanation.text,
            headline: value.map { Estimate(value: $0, lower: lower, upper: upper, count: 40) }, details: [:],
            judged: value == nil ? 0 : 40, failed: failed, tokensIn: 0, tokensOut: 0, control: control)
    }
}
