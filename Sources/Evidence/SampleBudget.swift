/// The bytes that the samples of all latents may take, and the sample size that follows.
///
/// The size is the highest rung of a ladder at which what has been seen costs no more than the bytes. What a rung costs
/// depends on nothing but the set of windows seen and only grows with it, so a rung that is too dear stays so: whatever
/// the order of the stream, how it was split, and however often the size was asked for on the way, the last answer is
/// the same. Top, recent and pool are not part of it: their sizes stay.
public struct SampleBudget: Sendable, Hashable {
    /// The smallest sample that a budget lowers to: sixteen windows to explain from and sixteen to score on.
    public static let leastSample = 32

    private let bytes: Int
    private let bySample: [Int: Int]

    /// Makes a budget that is the same at every size.
    public init(bytes: Int) {
        self.bytes = bytes
        bySample = [:]
    }

    /// Makes a budget that depends on the size, since what is done with larger samples takes memory too; a size that
    /// is not in it has none.
    public init(bytes: [Int: Int]) {
        self.bytes = 0
        bySample = bytes
    }

    /// The bytes that samples of a size may take, at the price of `bytesPerEntry(window:)`.
    public func bytes(at sample: Int) -> Int { bySample[sample] ?? bytes }

    /// The sample sizes to choose from, descending: `sample`, its half, its quarter and so on, and at last `leastSample`;
    /// `sample` alone if it is not above that.
    public static func ladder(from sample: Int) -> [Int] {
        var rungs = [sample]
        while let last = rungs.last, last > leastSample { rungs.append(max(last / 2, leastSample)) }
        return rungs
    }

    /// The price of one window in one latent's sample: its entry, two firing tokens, and a tenth of the window's text,
    /// which latents share.
    public static func bytesPerEntry(window: Int) -> Int {
        MemoryLayout<SampleEntry>.stride + Firing.byteCount(tokens: 2) + (40 + 5 * window / 2) / 10
    }

    /// Whether a reservoir's samples of some size are within the bytes.
    public func allows(_ sample: Int, in reservoir: Reservoir) -> Bool {
        reservoir.sampleBytes(at: sample) <= bytes(at: sample)
    }

    /// The sample size for what a reservoir has seen.
    ///
    /// The highest rung that is within the bytes, else the lowest one; never above the size in force. Cheap after
    /// `Reservoir.settle()`.
    public func sample(for reservoir: Reservoir) -> Int {
        let reservoir = reservoir.settled()
        let rungs = Self.ladder(from: reservoir.settings.sample)
        let allowed = rungs.first { allows($0, in: reservoir) } ?? SampleBudget.leastSample
        return min(allowed, reservoir.sample)
    }
}
