public import Elements

/// The train windows in which some latents fire most strongly, read from a reservoir's segments.
///
/// Needs no reservoir, so that memory is taken for the latents asked for and for one segment at a time.
public struct StrongestExamples: Sendable {
    private let settings: ReservoirSettings
    private let latents: Int
    private let chosen: Set<Int32>
    private let hashing: WindowHashing
    private var strongest: [Int32: Found] = [:]

    private struct Found {
        let peak: UInt16
        let window: Window
        let firing: [UInt8]

        /// Whether the window has the larger peak, of equal ones the lower priority; of one window, the firing that a
        /// reservoir keeps.
        func comesBefore(_ other: Found) -> Bool {
            if window.identity == other.window.identity { return Firing.replaces(firing, at: 0, other.firing, at: 0) }
            if peak != other.peak { return peak > other.peak }
            return (window.priority, window.identity) < (other.window.priority, other.window.identity)
        }
    }

    /// Makes a reader of the examples of `chosen` latents, of `latents` in all, of a reservoir with these settings.
    public init(of chosen: Set<Int>, settings: ReservoirSettings, latents: Int) {
        self.settings = settings
        self.latents = latents
        self.chosen = Set(chosen.compactMap { Int32(exactly: $0) })
        hashing = WindowHashing(seed: settings.seed)
    }

    /// Looks through one segment; segments may come in any order and more than once.
    ///
    /// - Throws: `EvidenceError` for a damaged segment, which then changes nothing.
    public mutating func read(segment bytes: [UInt8]) throws(EvidenceError) {
        let segment = try DecodedSegment(bytes, identity: nil, settings: settings, latents: latents)
        guard segment.latentsWithEntries.contains(where: chosen.contains) else { return }
        for section in segment.entries {
            segment.forEachEntry(in: section) { if chosen.contains(Int32($0.latent)) { take($0, of: segment) } }
        }
    }

    private mutating func take(_ entry: DecodedSegment.Entry, of segment: DecodedSegment) {
        guard entry.list == .top || entry.list == .train else { return }
        let (latent, tokens) = (Int32(entry.latent), segment.windows[entry.window])
        let peak = Firing.peak(in: segment.bytes, at: entry.firing)
        if let best = strongest[latent], best.peak > peak { return }
        let identity = hashing.identity(of: tokens[...])
        let found = Found(
            peak: peak,
            window: Window(tokens: tokens, identity: identity, priority: hashing.priority(of: identity)),
            firing: Array(Firing.slice(of: segment.bytes, at: entry.firing)))
        if let best = strongest[latent], !found.comesBefore(best) { return }
        strongest[latent] = found
    }

    /// The window with the largest peak, of equal ones that of lowest priority; `nil` for a latent that has none.
    public func example(of latent: Int) -> Example? {
        guard let found = Int32(exactly: latent).flatMap({ strongest[$0] }) else { return nil }
        let tokens = found.window.tokens.count
        return Example(window: found.window, activations: Firing.activations(in: found.firing, at: 0, tokens: tokens))
    }
}
