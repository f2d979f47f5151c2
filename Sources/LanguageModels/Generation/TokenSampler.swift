internal import Glibc
internal import Hashing

/// Draws the tokens of one text, one after the other.
///
/// The n-th draw follows from the seed and n alone (SipHash-2-4 as a counter-based generator), so that it is the same in
/// whatever company the text is generated.
struct TokenSampler {
    private static let purpose: UInt64 = 0x7361_6d70_6c65

    let sampling: Sampling
    private var drawn: UInt64 = 0

    init(_ sampling: Sampling) { self.sampling = sampling }

    /// The next token by its logits; values that are no numbers are never drawn.
    mutating func next(_ logits: UnsafeBufferPointer<Float>) -> UInt32 {
        defer { drawn &+= 1 }
        guard sampling.temperature > 0 else { return Self.likeliest(logits) }
        var hasher = SipHasher(key: SipKey(seed: sampling.seed, purpose: Self.purpose), wide: false)
        hasher.update(drawn)
        // 53 bits fill a Double's precision.
        let uniform = Double(hasher.finalize64() >> 11) * 0x1p-53
        return Self.draw(Self.candidates(logits, sampling), at: uniform) ?? Self.likeliest(logits)
    }

    /// A token and its probability before normalisation.
    struct Candidate: Equatable {
        let token: UInt32
        let weight: Double

        /// Orders by weight, and among equals with the lowest id first.
        func isLikelier(than other: Candidate) -> Bool { (weight, other.token) > (other.weight, token) }
    }

    /// The tokens that may be drawn: all in the order of their ids, or those of `topK` and `topP` with the likeliest first.
    ///
    /// Source: Holtzman et al., arXiv 1904.09751, section 3.1, for `topP`.
    static func candidates(_ logits: UnsafeBufferPointer<Float>, _ sampling: Sampling) -> [Candidate] {
        let largest = logits.reduce(-Float.infinity) { $1 > $0 ? $1 : $0 }
        guard largest.isFinite else { return [] }
        var all: [Candidate] = []
        all.reserveCapacity(logits.count)
        for (token, logit) in logits.enumerated() where logit > -.infinity {
            let weight = exp((Double(logit) - Double(largest)) / Double(sampling.temperature))
            if weight > 0 { all.append(Candidate(token: UInt32(truncatingIfNeeded: token), weight: weight)) }
        }
        if let count = sampling.topK, count < all.count { all = likeliest(count, of: all) }
        guard sampling.topP < 1 else { return all }
        let total = all.reduce(0) { $0 + $1.weight }
        let enough = Double(sampling.topP) * total
        // Tokens under this bound sum to less than what may be missing, so none of them is among those looked for.
        let bound = (total - enough) / Double(all.count)
        all = all.filter { $0.weight >= bound }.sorted { $0.isLikelier(than: $1) }
        var sum = 0.0
        let end = all.firstIndex { candidate in
            sum += candidate.weight
            return sum >= enough
        }
        return end.map { Array(all[...$0]) } ?? all
    }

    /// The likeliest candidates, the likeliest first.
    private static func likeliest(_ count: Int, of all: [Candidate]) -> [Candidate] {
        // A heap with the least likely of those found so far on top.
        var heap: [Candidate] = []
        heap.reserveCapacity(count)
        func sink() {
            var parent = 0
            while 2 * parent + 1 < heap.count {
                var child = 2 * parent + 1
                if child + 1 < heap.count, heap[child].isLikelier(than: heap[child + 1]) { child += 1 }
                guard heap[parent].isLikelier(than: heap[child]) else { return }
                heap.swapAt(parent, child)
                parent = child
            }
        }
        // Sorted with the least likely first, the first candidates are a heap.
        heap = all.prefix(count).sorted { $1.isLikelier(than: $0) }
        for candidate in all.dropFirst(count) where candidate.isLikelier(than: heap[0]) {
            heap[0] = candidate
            sink()
        }
        return heap.sorted { $0.isLikelier(than: $1) }
    }

    /// The candidate at a place of the cumulated probabilities, `uniform` in [0, 1).
    private static func draw(_ candidates: [Candidate], at uniform: Double) -> UInt32? {
        let place = uniform * candidates.reduce(0) { $0 + $1.weight }
        var sum = 0.0
        for candidate in candidates {
            sum += candidate.weight
            if sum > place { return candidate.token }
        }
        return candidates.last?.token
    }

    /// The index of the largest value, the lowest among equals; values that are not numbers are skipped.
    static func likeliest(_ logits: UnsafeBufferPointer<Float>) -> UInt32 {
        var best: UInt32 = 0
        var largest = -Float.infinity
        for (token, value) in logits.enumerated() where value > largest {
            largest = value
            best = UInt32(truncatingIfNeeded: token)
        }
        return best
    }
}
