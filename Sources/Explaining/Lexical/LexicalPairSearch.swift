import Elements

/// The pairs of neighbouring terms that tell one latent's windows best: what it fires at, and what stands before.
struct LexicalPairSearch {
    /// A pair, how much better than chance it tells, and its windows.
    let pairs: [(pair: LexicalPair, value: Double, windows: [Int32])]

    /// The fewest examples in which the latent must have been seen to fire at the pair.
    private static let support = 3
    /// The most pairs whose windows are looked up.
    private static let looked = 96

    init(in trial: LexicalTrial, limit: Int) {
        let index = trial.index
        guard !index.pairs.isEmpty, limit > 0 else {
            pairs = []
            return
        }
        var keys: [UInt64] = []
        for (number, example) in trial.train.enumerated() {
            let tokens = example.window.tokens
            for position in tokens.indices.dropFirst() where example.activations[position] > 0 {
                LexicalPairs.forEachPair(
                    before: tokens[position - 1], token: tokens[position], in: index.vocabulary
                ) { keys.append($0.key(window: number)) }
            }
        }
        keys.sort()
        var counted: [(key: UInt64, count: Int)] = []
        var last: UInt64?
        for key in keys where key != last {
            if let end = counted.indices.last, counted[end].key >> 24 == key >> 24 {
                counted[end].count += 1
            } else {
                counted.append((key, 1))
            }
            last = key
        }
        let often = counted.filter { $0.count >= Self.support }
            .sorted { ($1.count, $0.key) < ($0.count, $1.key) }.prefix(Self.looked)
        let looked = often.map { key, count in
            let pair = LexicalPair(key: key)
            return (pair: pair, fired: count, windows: Array(trial.told(index.pairs.windows(of: pair)[...])))
        }
        let outside = Self.outsideWindows(of: looked.map(\.pair), in: trial)
        var valued: [(pair: LexicalPair, value: Double, windows: [Int32])] = []
        for (pair, fired, windows) in looked {
            let others = outside[pair] ?? []
            if pair.token == LexicalPair.anything {
                // Where the latent mostly stays silent after a token, what comes after it is not what it fires at.
                let seen = windows.count { trial.isSampled[Int($0)] } + others.count
                guard fired * 2 >= seen else { continue }
            }
            let value = trial.value(of: windows, others)
            if value > 0 { valued.append((pair, value, windows + others)) }
        }
        pairs = Array(
            valued.sorted { ($1.value, $0.pair.before, $0.pair.token) < ($0.value, $1.pair.before, $1.pair.token) }
                .prefix(limit))
    }

    /// The numbers of the train examples outside of the pool in which each pair stands.
    private static func outsideWindows(of pairs: [LexicalPair], in trial: LexicalTrial) -> [LexicalPair: [Int32]] {
        guard !trial.outside.isEmpty else { return [:] }
        let wanted = Set(pairs)
        let before = Set(pairs.map(\.before))
        var found: [LexicalPair: [Int32]] = [:]
        for (offset, example) in trial.outside.enumerated() {
            let number = Int32(clamping: trial.index.windowCount + offset)
            let tokens = example.window.tokens
            for position in tokens.indices.dropFirst() {
                trial.index.vocabulary.forEachPairTerm(of: tokens[position - 1]) { first in
                    guard before.contains(first) else { return }
                    func note(_ second: Int32) {
                        let pair = LexicalPair(before: first, token: second)
                        guard wanted.contains(pair), found[pair]?.last != number else { return }
                        found[pair, default: []].append(number)
                    }
                    note(LexicalPair.anything)
                    trial.index.vocabulary.forEachPairTerm(of: tokens[position], note)
                }
            }
        }
        return found
    }
}
