import Elements
import Hashing
import Inference
import Scoring
import Statistics

/// Words ` w0`, ` w1`, … with some texts put in their place.
struct ToyVocabulary: TokenDecoder {
    var texts: [String]

    init(words: Int, odd: [Int: String] = [:]) {
        texts = (0..<words).map { odd[$0] ?? " w\($0)" }
    }

    var count: Int { texts.count }
    func bytes(of token: UInt32) -> [UInt8] { Int(token) < texts.count ? Array(texts[Int(token)].utf8) : [] }
    func isSpecial(_ token: UInt32) -> Bool { false }
}

/// A corpus in which latent `l` fires exactly at token `l`, somewhat more often than chance.
struct PlantedCorpus {
    let coder = CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 40, digest: Hash128(high: 1, low: 2))
    var pool: [PoolWindow] = []
    var test: [[Example]] = []

    /// Activations are drawn evenly from `strengths`; the windows are dealt out to `documents`, if they are known.
    init(
        latents: Int, vocabulary: Int, windows: Int, length: Int = 24, strengths: ClosedRange<Float> = 1...9,
        documents: Int? = nil, seed: UInt64
    ) {
        var generator = SeededGenerator(seed: seed)
        test = Array(repeating: [], count: latents)
        for number in 0..<windows {
            let document = documents.map { UInt32(number % $0) }
            let tokens = (0..<length).map { _ in UInt32.random(in: 0..<UInt32(vocabulary), using: &generator) }
            let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 7))
            let window = Window(tokens: tokens, identity: identity, priority: identity.high)
            var firing: [Int32] = []
            for latent in 0..<latents where tokens.contains(UInt32(latent)) {
                firing.append(Int32(latent))
                let activations = tokens.map {
                    $0 == UInt32(latent) ? Float.random(in: strengths, using: &generator) : 0
                }
                if test[latent].count < 128 {
                    test[latent].append(Example(window: window, activations: activations, document: document))
                }
            }
            pool.append(
                PoolWindow(window: window, latents: firing, isTrain: false, isTest: true, document: document))
        }
    }

    func heldOut(_ latent: Int) -> HeldOutSet {
        HeldOutSet(positives: test[latent], negatives: NegativePool(pool: pool).negatives(of: latent))
    }

    func explanation(_ latent: Int, text: String? = nil, predicate: String? = nil) -> Explanation {
        Explanation(
            job: Hash128(high: 5, low: UInt64(latent)), node: "prose", coder: coder, latent: latent,
            text: text ?? "Contains the token w\(latent).", predicate: predicate,
            provenance: Provenance(
                explainer: "test", sampling: "none", promptVersion: "1", model: nil, seed: 0,
                evidenceDigest: Hash128(high: 0, low: 0), epoch: 1, shown: []))
    }

    /// What a plan says of a latent; `other` is the latent whose explanation it gets.
    func subject(_ latent: Int, explainedAs other: Int? = nil, control: String? = nil, judge: any LanguageModelClient)
        -> PlanSubject
    {
        PlanSubject(
            node: "judged", explanation: explanation(other ?? latent), latent: latent,
            control: control ?? (other == nil ? nil : "shuffled"), judge: judge, seed: 7,
            heldOut: heldOut(latent).account)
    }

    func plan(
        _ latent: Int, explainedAs other: Int? = nil, settings: JudgedSettings, judge: any LanguageModelClient,
        tokenDecoder: any TokenDecoder
    ) throws -> ScoringPlan {
        try ScoringPlan(
            node: "judged", explanation: explanation(other ?? latent), latent: latent,
            control: other == nil ? nil : "shuffled", heldOut: heldOut(latent), settings: settings, seed: 7,
            judge: judge, tokens: tokenDecoder)
    }
}

extension ScoringPlan {
    /// Plans the score of an explanation on a set.
    init(
        node: String, explanation: Explanation, latent: Int? = nil, control: String? = nil, heldOut: HeldOutSet,
        settings: JudgedSettings, seed: UInt64, judge: any LanguageModelClient, tokens: any TokenDecoder
    ) throws(ScoringError) {
        let subject = PlanSubject(
            node: node, explanation: explanation, latent: latent, control: control, judge: judge, seed: seed,
            heldOut: heldOut.account)
        try self.init(subject: subject, heldOut: heldOut, settings: settings, tokens: tokens)
    }
}
