public import Elements
internal import Hashing

/// Draws negatives by tier from the pool windows that never occurred in a train document: made once per view.
///
/// A draw depends on nothing but the seed, the tier, the latent and the windows. No tier is filled from another, and a
/// window may be in several.
public struct NegativeTiers: Sendable {
    /// The windows without the train bit, in the pool's order.
    private let windows: [PoolWindow]
    /// By token: the numbers of the windows that hold it, ascending.
    private let holders: [UInt32: [Int32]]
    /// By latent: the numbers of the windows in which it fires, ascending.
    private let firing: [Int32: [Int32]]

    /// Reads a pool.
    public init(pool: [PoolWindow]) {
        windows = pool.filter { !$0.isTrain }
        var holders: [UInt32: [Int32]] = [:]
        var firing: [Int32: [Int32]] = [:]
        for (index, window) in windows.enumerated() {
            let number = Int32(clamping: index)
            for token in Set(window.window.tokens) { holders[token, default: []].append(number) }
            for latent in window.latents { firing[latent, default: []].append(number) }
        }
        self.holders = holders
        self.firing = firing
    }

    /// Any windows in which a latent is silent.
    public func random(for latent: Int, _ request: TierRequest) -> TierDraw {
        draw([Array(windows.indices)], tier: .random, latent: latent, request)
    }

    /// Windows that hold the latent's peak token and leave it silent; see `peakToken(of:)`.
    public func lexical(for evidence: LatentEvidence, _ request: TierRequest) -> TierDraw {
        guard let token = Self.peakToken(of: evidence) else { return .notAvailable(0) }
        return draw([(holders[token] ?? []).map(Int.init)], tier: .lexical, latent: evidence.latent, request)
    }

    /// Windows in which one of some other latents fires and this one is silent.
    ///
    /// The neighbours take turns, the nearest first, so that no one of them gives all windows.
    public func neighbour(for latent: Int, near neighbours: [Int], _ request: TierRequest) -> TierDraw {
        let groups = neighbours.filter { $0 != latent }.map { neighbour in
            (Int32(exactly: neighbour).flatMap { firing[$0] } ?? []).map(Int.init)
        }
        return draw(groups, tier: .neighbour, latent: latent, request)
    }

    /// The token at which a latent peaks in most of its train examples (ties: the lower id); `nil` without examples.
    public static func peakToken(of evidence: LatentEvidence) -> UInt32? {
        var counts: [UInt32: Int] = [:]
        for example in evidence.train {
            // The first of equal activations.
            guard let place = example.activations.firstIndex(of: example.peak),
                place < example.window.tokens.count
            else { continue }
            counts[example.window.tokens[place], default: 0] += 1
        }
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    }

    /// Takes windows in turn from groups, each in the order of a keyed hash, passing over what fires, what was taken and
    /// what overlaps with what was shown.
    private func draw(_ groups: [[Int]], tier: NegativeTier, latent: Int, _ request: TierRequest) -> TierDraw {
        let runs = TokenRuns(of: request.overlap == .drop ? request.shown : [])
        let fires = Set((Int32(exactly: latent).flatMap { firing[$0] } ?? []).map(Int.init))
        let key = SipKey(seed: request.seed, purpose: 0x7469_6572)
        var queues = groups.map { group in
            group.lazy.filter { !fires.contains($0) }
                .map { number -> (UInt64, Int) in
                    var hasher = SipHasher(key: key, wide: false)
                    hasher.update(text: tier.rawValue)
                    hasher.update(Int64(latent))
                    hasher.update(windows[number].window.identity.high)
                    hasher.update(windows[number].window.identity.low)
                    return (hasher.finalize64(), number)
                }
                .sorted { $0 < $1 }[...]
        }
        var taken: Set<Int> = []
        var chosen: [PoolWindow] = []
        while chosen.count < request.count, queues.contains(where: { !$0.isEmpty }) {
            for index in queues.indices where chosen.count < request.count {
                while let (_, number) = queues[index].popFirst() {
                    guard taken.insert(number).inserted, !runs.share(with: windows[number].window.tokens) else {
                        continue
                    }
                    chosen.append(windows[number])
                    break
                }
            }
        }
        return chosen.count < NegativeTier.fewest ? .notAvailable(chosen.count) : .available(chosen)
    }
}
