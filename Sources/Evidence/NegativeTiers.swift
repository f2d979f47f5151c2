public import Elements
internal import Hashing

/// Draws negatives by tier from the pool windows that never occurred in a train document: made once per view.
///
/// A draw depends on nothing but the seed, the tier, the latent and the windows. No tier is filled from another, and a
/// window may be in several.
public struct NegativeTiers: Sendable {
    /// The windows without the train bit, in the pool's order.
    public let windows: [PoolWindow]
    /// By token: the numbers of the windows that hold it, ascending.
    private let holders: [UInt32: [Int32]]
    /// By latent: the numbers of the windows in which it fires, ascending.
    private let firing: FiringLists

    /// Reads a pool.
    public init(pool: [PoolWindow]) {
        windows = pool.filter { !$0.isTrain }
        var holders: [UInt32: [Int32]] = [:]
        for (index, window) in windows.enumerated() {
            let number = Int32(clamping: index)
            for token in Set(window.window.tokens) { holders[token, default: []].append(number) }
        }
        self.holders = holders
        firing = FiringLists(of: windows)
    }

    /// The bytes that its own structures take, but for what the windows refer to.
    public var residentBytes: Int {
        windows.residentBytes + holders.residentBytes + firing.residentBytes
            + holders.values.reduce(0) { $0 + $1.residentBytes }
    }

    /// The most bytes that its own structures take of a pool.
    public static func memoryEstimate(of pool: PoolShape) -> Double {
        let tokens = Double(pool.windows) * Double(pool.tokens)
        // At worst each token id stands in one window only, with a list of its own.
        return Double(pool.windows) * PoolShape.growth * Double(MemoryLayout<PoolWindow>.stride)
            + tokens * (4 * PoolShape.growth + 36 + PoolShape.header) + pool.firingListBytes
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
        let groups = neighbours.filter { $0 != latent }.map { firing[$0].map(Int.init) }
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

    /// The silent windows nearest in meaning to some windows in which the latent fires.
    ///
    /// These take turns, each giving its nearest that is left and in all no more than its share of the windows asked for,
    /// so that no one of them gives all.
    ///
    /// - Parameter similarities: `[queries, windows]`: how near each of `windows` is to each of those.
    public func semantic(for latent: Int, similarities: Matrix, _ request: TierRequest) -> TierDraw {
        guard similarities.rows > 0, similarities.columns == windows.count else { return .notAvailable(0) }
        var isSilent = [Bool](repeating: true, count: windows.count)
        for number in numbers(firing: latent) { isSilent[number] = false }
        let queues = (0..<similarities.rows).map { row in
            let range = row * similarities.columns..<(row + 1) * similarities.columns
            return NearestFirst(similarities.values[range], where: isSilent)
        }
        let share = (max(request.count, 0) + queues.count - 1) / queues.count
        return take(from: queues, atMost: share, request)
    }

    private func numbers(firing latent: Int) -> [Int] { firing[latent].map(Int.init) }

    /// Takes windows in turn from groups, each in the order of a keyed hash, passing over what fires.
    private func draw(_ groups: [[Int]], tier: NegativeTier, latent: Int, _ request: TierRequest) -> TierDraw {
        let fires = Set(numbers(firing: latent))
        let key = SipKey(seed: request.seed, purpose: 0x7469_6572)
        let queues = groups.map { group in
            group.lazy.filter { !fires.contains($0) }
                .map { number -> (UInt64, Int) in
                    var hasher = SipHasher(key: key, wide: false)
                    hasher.update(text: tier.rawValue)
                    hasher.update(Int64(latent))
                    hasher.update(windows[number].window.identity.high)
                    hasher.update(windows[number].window.identity.low)
                    return (hasher.finalize64(), number)
                }
                .sorted { $0 < $1 }.map(\.1).makeIterator()
        }
        return take(from: queues, atMost: .max, request)
    }

    /// Takes windows in turn from queues, from each no more than `share`, passing over what was taken and what overlaps
    /// with what was shown.
    private func take<Queue: IteratorProtocol<Int>>(
        from queues: [Queue], atMost share: Int, _ request: TierRequest
    ) -> TierDraw {
        let runs = TokenRuns(of: request.overlap == .drop ? request.shown : [])
        var queues = queues
        var given = [Int](repeating: 0, count: queues.count)
        var open = Array(queues.indices)
        var taken: Set<Int> = []
        var chosen: [PoolWindow] = []
        while chosen.count < request.count, !open.isEmpty {
            var stillOpen: [Int] = []
            for index in open where chosen.count < request.count {
                while given[index] < share, let number = queues[index].next() {
                    guard taken.insert(number).inserted, !runs.share(with: windows[number].window.tokens) else {
                        continue
                    }
                    chosen.append(windows[number])
                    given[index] += 1
                    stillOpen.append(index)
                    break
                }
            }
            open = stillOpen
        }
        return chosen.count < NegativeTier.fewest ? .notAvailable(chosen.count) : .available(chosen)
    }
}
