import Elements
import Hashing

/// A vocabulary of texts, for tests.
struct ToyVocabulary: TokenDecoder {
    let texts: [[UInt8]]

    init(_ texts: [String]) { self.texts = texts.map { Array($0.utf8) } }
    init(bytes: [[UInt8]]) { texts = bytes }

    var count: Int { texts.count }
    func bytes(of token: UInt32) -> [UInt8] { Int(token) < texts.count ? texts[Int(token)] : [] }
    func isSpecial(_ token: UInt32) -> Bool { false }

    /// Words ` w0`, ` w1`, … that share no shape.
    static func words(_ count: Int) -> ToyVocabulary { ToyVocabulary((0..<count).map { " w\($0)" }) }
}

struct TestGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        let mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        let again = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return again ^ (again >> 31)
    }
}

func toyWindow(_ tokens: [UInt32]) -> Window {
    let identity = SipHasher.hash128(tokens: tokens, key: SipKey(seed: 7))
    return Window(tokens: tokens, identity: identity, priority: identity.high)
}

/// Evidence in memory.
struct ToyView: EvidenceView {
    let coder = CoderIdentity(name: "codes", hookpoint: "layers.0", latents: 64, digest: Hash128(high: 1, low: 2))
    let totals = StreamTotals()
    let digest = Hash128(high: 3, low: 4)
    var pool: [PoolWindow] = []
    var latents: [LatentEvidence] = []

    func statistics(of latent: Int) -> LatentStatistics { evidence(of: latent).statistics }
    func evidence(of latent: Int) -> LatentEvidence {
        latents.first { $0.latent == latent } ?? toyEvidence(latent: latent, train: [], test: [])
    }
    var update: EvidenceUpdate { EvidenceUpdate(view: self, epoch: 5, isCaughtUp: true) }
}

func toyEvidence(latent: Int, train: [Example], top: [Example] = [], test: [Example] = []) -> LatentEvidence {
    let peaks = (train + test).map(\.peak)
    let statistics = LatentStatistics(
        tokensFired: UInt64(peaks.count), windowsFired: UInt64(peaks.count), sum: 0, sumOfSquares: 0,
        maximum: peaks.max() ?? 0, histogram: [])
    return LatentEvidence(latent: latent, statistics: statistics, train: train, top: top, test: test, recent: [])
}

/// A corpus of random windows in which each latent fires at the tokens planted for it.
struct PlantedCorpus {
    var view = ToyView()

    /// `planted[l]` are the tokens of latent `l`; a latent with none fires at random tokens in an eighth of the windows.
    init(planted: [Set<UInt32>], vocabulary: Int, windows: Int, seed: UInt64, sample: Int = 128) {
        var generator = TestGenerator(state: seed)
        var train = planted.map { _ in [Example]() }
        var test = train
        for number in 0..<windows {
            let window = toyWindow((0..<24).map { _ in UInt32.random(in: 0..<UInt32(vocabulary), using: &generator) })
            let isTrain = number % 2 == 0
            var firing: [Int32] = []
            for (latent, tokens) in planted.enumerated() {
                var activations = window.tokens.map {
                    tokens.contains($0) ? Float.random(in: 1...9, using: &generator) : 0
                }
                if tokens.isEmpty, Int.random(in: 0..<8, using: &generator) == 0 {
                    activations[Int.random(in: 0..<24, using: &generator)] = 1
                }
                guard activations.contains(where: { $0 > 0 }) else { continue }
                firing.append(Int32(latent))
                let example = Example(window: window, activations: activations)
                if isTrain, train[latent].count < sample { train[latent].append(example) }
                if !isTrain, test[latent].count < sample { test[latent].append(example) }
            }
            view.pool.append(PoolWindow(window: window, latents: firing, isTrain: isTrain, isTest: !isTrain))
        }
        view.latents = planted.indices.map { toyEvidence(latent: $0, train: train[$0], test: test[$0]) }
    }
}
