import Elements
import Examples
import Foundation

/// What the examples of a plan come to: distinct passages, the marked tokens counted, and what comes before them.
struct CountedEvidence {
    /// A marked token with its count.
    struct Entry: Hashable {
        /// Its text; in a longer word that word too.
        let text: String
        /// How often it is marked.
        let count: Int
        /// Its mean strength, from 0 to 10.
        let strength: Int
    }

    /// Passages that differ, clipped, in the order of the plan.
    private(set) var passages: [ClippedPassage] = []
    /// `[passages]`: the block of rank of each.
    private(set) var blocks: [Int] = []
    /// The marked tokens, those with the largest sum of strengths first.
    private(set) var marked: [Entry] = []
    /// The tokens that come right before marks more often than chance has it, the most frequent first.
    private(set) var preceding: [Entry] = []

    init(of examples: [PlannedExample], tokenDecoder: any TokenDecoder) {
        var seen: Set<ClippedPassage> = []
        var distinct: [PlannedExample] = []
        for example in examples {
            let passage = ClippedPassage(of: example, tokenDecoder: tokenDecoder)
            guard seen.insert(passage).inserted else { continue }
            passages.append(passage)
            blocks.append(example.block)
            distinct.append(example)
        }
        marked = Self.marked(in: distinct, tokenDecoder)
        preceding = PrecedingTokens(in: distinct, tokenDecoder).telling
    }

    /// The order in which passages are taken until a prompt is full: one of each block in turn, each block from its start.
    var orderOfTaking: [Int] {
        var queues: [Int: [Int]] = [:]
        for (place, block) in blocks.enumerated() { queues[block, default: []].append(place) }
        let columns = queues.sorted { $0.key < $1.key }.map(\.value)
        let longest = columns.map(\.count).max() ?? 0
        return (0..<longest).flatMap { turn in columns.compactMap { $0.indices.contains(turn) ? $0[turn] : nil } }
    }

    private static func marked(in examples: [PlannedExample], _ tokenDecoder: any TokenDecoder) -> [Entry] {
        var counts: [String: (count: Int, sum: Int)] = [:]
        for example in examples {
            for place in example.tokens.indices
            where place < example.marked.count && example.marked[place] {
                guard let text = name(of: place, in: example.tokens, tokenDecoder) else { continue }
                let strength = place < example.strengths.count ? Int(example.strengths[place]) : 0
                counts[text, default: (0, 0)].count += 1
                counts[text, default: (0, 0)].sum += strength
            }
        }
        return counts.sorted { ($1.value.sum, $1.value.count, $0.key) < ($0.value.sum, $0.value.count, $1.key) }.map {
            let mean = (Double($0.value.sum) / Double($0.value.count)).rounded()
            return Entry(text: $0.key, count: $0.value.count, strength: Int(mean))
        }
    }

    /// A marked token in quotation marks, with the word that it is a part of.
    private static func name(of place: Int, in tokens: [UInt32], _ tokenDecoder: any TokenDecoder) -> String? {
        if tokenDecoder.isSpecial(tokens[place]) { return "the start or end of a text" }
        guard let own = TokenText(of: tokens[place], tokenDecoder) else { return nil }
        guard let word = WordRound(place, in: tokens, tokenDecoder)?.text, word != own.word else {
            return "\"\(own.word)\""
        }
        return "\"\(own.word)\" in \"\(word)\""
    }
}
