public import Elements
public import Hashing

/// The train-side pool windows by the terms they contain and the latents that fire in them: made once per view.
///
/// Only windows with the train bit and without the test bit are taken, so that nothing found here has seen a test document.
public struct LexicalIndex: Sendable {
    /// The number of windows taken.
    public let windowCount: Int
    /// A hash of the identities of the windows taken, in the pool's order.
    public let digest: Hash128

    let vocabulary: LexicalVocabulary
    /// By identity: the window's number.
    let numbers: [Hash128: Int]
    /// Windows of term `t`, ascending.
    let termWindows: CompressedRows
    /// The terms of at least a hundredth of the windows, which can tell one kind of text from another.
    let contextTerms: [Int32]
    /// `[terms]`: the place of a term in `contextTerms`; -1 for one that is not there.
    let contextPlaces: [Int32]
    /// Places in `contextTerms` of window `w`'s terms, each once.
    let windowContexts: CompressedRows
    /// Windows of pairs of neighbouring terms.
    let pairs: LexicalPairs
    /// Windows in which latent `l` fires, ascending.
    let latentWindows: CompressedRows

    private static let fewestContextWindows = 8

    /// Reads a pool; latents outside `0..<latents` are passed over.
    public init(pool: [PoolWindow], latents: Int, vocabulary: LexicalVocabulary) {
        let windows = pool.filter { $0.isTrain && !$0.isTest }
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 0), wide: true)
        var numbers: [Hash128: Int] = [:]
        var terms: [[Int32]] = []
        terms.reserveCapacity(windows.count)
        var scratch = TermScratch(count: vocabulary.termCount)
        for (number, window) in windows.enumerated() {
            hasher.update(window.window.identity.high)
            hasher.update(window.window.identity.low)
            numbers[window.window.identity] = number
            terms.append(scratch.distinctTerms(of: window.window.tokens, in: vocabulary))
        }
        windowCount = windows.count
        digest = hasher.finalize128()
        self.vocabulary = vocabulary
        self.numbers = numbers
        termWindows = CompressedRows(transposing: terms, rows: vocabulary.termCount)
        let least = max(Self.fewestContextWindows, windows.count / 100)
        var contextTerms: [Int32] = []
        var places = [Int32](repeating: -1, count: vocabulary.termCount)
        for term in places.indices where termWindows[term].count >= least {
            places[term] = Int32(clamping: contextTerms.count)
            contextTerms.append(Int32(clamping: term))
        }
        self.contextTerms = contextTerms
        contextPlaces = places
        windowContexts = CompressedRows(
            terms.map { list in list.compactMap { places[Int($0)] >= 0 ? places[Int($0)] : nil }[...] })
        pairs = LexicalPairs(windows: windows.map(\.window.tokens), vocabulary: vocabulary)
        latentWindows = CompressedRows(transposing: windows.map(\.latents), rows: max(latents, 0))
    }
}
