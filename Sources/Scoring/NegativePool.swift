public import Elements
public import Hashing

/// The pool windows that may serve as negatives: those without the train bit.
///
/// Made once per view.
public struct NegativePool: Sendable {
    /// The windows, in the pool's order.
    public let windows: [PoolWindow]
    /// A hash of each window's identity and latents, in order: with a latent it fixes that latent's negatives.
    public let digest: Hash128

    /// The tokens of all windows one after the other, so that a scan does not touch each window's own storage.
    private let tokens: [UInt32]
    private let starts: [Int]
    /// By latent: the numbers of the windows in which it fires, ascending.
    private let firing: FiringLists
    private let documents: PoolDocuments?

    /// Takes the windows without the train bit from a pool.
    public init(pool: [PoolWindow]) {
        windows = pool.filter { !$0.isTrain }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        var tokens: [UInt32] = []
        var starts = [0]
        for window in windows {
            hasher.update(window.window.identity.high)
            hasher.update(window.window.identity.low)
            hasher.update(UInt64(window.latents.count))
            window.latents.withUnsafeBytes { hasher.update(rawBytes: $0) }
            tokens.append(contentsOf: window.window.tokens)
            starts.append(tokens.count)
        }
        digest = hasher.finalize128()
        self.tokens = tokens
        self.starts = starts
        firing = FiringLists(of: windows)
        documents = PoolDocuments(of: windows)
    }

    /// The bytes that its own structures take, but for what the windows refer to.
    public var residentBytes: Int {
        windows.residentBytes + tokens.residentBytes + starts.residentBytes + firing.residentBytes
            + (documents?.residentBytes ?? 0)
    }

    /// The most bytes that its own structures take of a pool.
    public static func memoryEstimate(of pool: PoolShape) -> Double {
        let window =
            Double(MemoryLayout<PoolWindow>.stride) + 4 * Double(pool.tokens) + 8 + 8 + Double(ScoreReplicates.count)
        return PoolShape.growth * Double(pool.windows) * window + pool.firingListBytes
    }

    /// The windows in which a latent is silent, in the pool's order.
    public func negatives(of latent: Int) -> [PoolWindow] {
        var result: [PoolWindow] = []
        result.reserveCapacity(windows.count)
        forEachSilent(latent) { result.append(windows[$0]) }
        return result
    }

    /// At most `count` windows in which a latent is silent, from a place on that a keyed hash of the latent chooses.
    ///
    /// The pool is in the order of its windows' hashes, so a run of it is a random sample; it costs as much as it yields,
    /// however large the pool is.
    public func sample(_ count: Int, silent latent: Int, seed: UInt64) -> [PoolWindow] {
        guard !windows.isEmpty else { return [] }
        var hasher = SipHasher(key: SipKey(seed: seed, purpose: 0x706f_6f6c), wide: false)
        hasher.update(Int64(latent))
        let start = Int(hasher.finalize64() % UInt64(windows.count))
        let firing = Set(firing[latent])
        var result: [PoolWindow] = []
        for step in windows.indices where result.count < count {
            let number = (start + step) % windows.count
            if !firing.contains(Int32(clamping: number)) { result.append(windows[number]) }
        }
        return result
    }

    /// How many windows but those of the ascending numbers `passedOver` there are in which a latent is silent, and the
    /// numbers of those in which a predicate holds.
    func alarms(
        silent latent: Int, besides passedOver: [Int] = [], where matches: (ArraySlice<UInt32>) -> Bool
    ) -> (windows: [Int], silent: Int) {
        var alarms: [Int] = []
        var silent = 0
        forEachSilent(latent, besides: passedOver) { number in
            silent += 1
            if matches(tokens[starts[number]..<starts[number + 1]]) { alarms.append(number) }
        }
        return (alarms, silent)
    }

    /// The share of the windows in which a latent is silent that raise no false alarm, on resampled documents; `nil`
    /// if a document is not known.
    func passed(silent latent: Int, besides passedOver: [Int] = [], alarms: [Int]) -> [Double?]? {
        documents?.passed(without: union(firing[latent], passedOver), alarms: alarms)
    }

    /// Of some windows, by ascending number, those in which a latent is silent.
    package func silent(_ latent: Int, among numbers: [Int]) -> [Int] {
        let firing = Set(firing[latent])
        return numbers.filter { !firing.contains(Int32(clamping: $0)) }
    }

    private func forEachSilent(_ latent: Int, besides passedOver: [Int] = [], _ body: (Int) -> Void) {
        var left = union(firing[latent], passedOver)[...]
        for number in windows.indices {
            if let next = left.first, next == number {
                left = left.dropFirst()
            } else {
                body(number)
            }
        }
    }

    /// Both lists of ascending numbers as one.
    private func union(_ first: ArraySlice<Int32>, _ second: [Int]) -> [Int] {
        let first = first.map { Int($0) }
        return second.isEmpty ? first : Set(first).union(second).sorted()
    }
}
