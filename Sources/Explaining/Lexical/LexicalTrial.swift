import Elements
import Hashing

/// The windows on which one latent's predicates are tried.
struct LexicalTrial {
    let index: LexicalIndex
    /// The latent's train examples.
    let train: [Example]
    /// `[windows]`: whether the latent fires; the pool's windows first, then train examples that are not in the pool.
    let isPositive: [Bool]
    /// `[pool windows]`: whether the window is among the train examples, so that it is known where the latent fires.
    let isSampled: [Bool]
    /// The train examples that are not in the pool.
    let outside: [Example]
    /// The terms of each of those, each once.
    let outsideTerms: [[Int32]]
    /// The number of windows in which the latent fires.
    let positiveCount: Int
    /// The number of windows in which it is silent.
    var negativeCount: Int { isPositive.count - positiveCount - passedOverCount }

    /// `[pool windows]`: whether the window counts on neither side; empty if all count.
    private let isPassedOver: [Bool]
    private let passedOverCount: Int

    /// Tells windows in which a latent fires from those in which it is silent; with `members` only the train examples of these
    /// identities, while others in which it fires count on neither side.
    init(
        of evidence: LatentEvidence, members: Set<Hash128>? = nil, index: LexicalIndex, scratch: inout TermScratch
    ) {
        let train =
            members.map { members in evidence.train.filter { members.contains($0.window.identity) } }
            ?? evidence.train
        var isPositive = [Bool](repeating: false, count: index.windowCount)
        var isPassedOver: [Bool] = []
        if members == nil {
            for number in index.latentWindows[evidence.latent] { isPositive[Int(number)] = true }
        } else {
            isPassedOver = isPositive
            for number in index.latentWindows[evidence.latent] { isPassedOver[Int(number)] = true }
            for example in evidence.train {
                if let number = index.numbers[example.window.identity] { isPassedOver[number] = true }
            }
        }
        var isSampled = [Bool](repeating: false, count: index.windowCount)
        var outside: [Example] = []
        for example in train {
            if let number = index.numbers[example.window.identity] {
                isPositive[number] = true
                isSampled[number] = true
                if !isPassedOver.isEmpty { isPassedOver[number] = false }
            } else {
                outside.append(example)
            }
        }
        isPositive.append(contentsOf: repeatElement(true, count: outside.count))
        self.index = index
        self.train = train
        self.isPassedOver = isPassedOver
        passedOverCount = isPassedOver.count(where: \.self)
        self.outside = outside
        self.isSampled = isSampled
        var lists: [[Int32]] = []
        for example in outside {
            lists.append(scratch.distinctTerms(of: example.window.tokens, in: index.vocabulary))
        }
        outsideTerms = lists
        positiveCount = isPositive.count(where: \.self)
        self.isPositive = isPositive
    }

    /// Those of some windows of the pool that count.
    func told(_ windows: ArraySlice<Int32>) -> ArraySlice<Int32> {
        isPassedOver.isEmpty ? windows : windows.filter { !isPassedOver[Int($0)] }[...]
    }

    /// How much better than chance a term tells that stands in these windows of the pool and outside of it.
    func value(of windows: some Collection<Int32>, _ outside: [Int32]) -> Double {
        guard positiveCount > 0, negativeCount > 0 else { return 0 }
        var found = 0
        for window in windows where isPositive[Int(window)] { found += 1 }
        let wrong = windows.count - found
        return Double(found + outside.count) / Double(positiveCount) - Double(wrong) / Double(negativeCount)
    }
}
