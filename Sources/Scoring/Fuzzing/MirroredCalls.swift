import Elements
import Examples

/// Puts positives and negatives of fuzzing into calls in which marked tokens recur among negatives as they do among positives.
///
/// The windows of a latent often share their marked tokens and random windows do not, so that a judge who sees several at once
/// could tell the marks apart by what recurs, whatever the explanation. In a call of pairs, two negatives share a marked token
/// just where the two positives whose marks they bear do; where there is no such negative left, a new call is begun.
struct MirroredCalls {
    /// The questions, call after call.
    private(set) var questions: [Question] = []
    /// The number of questions in each call.
    private(set) var sizes: [Int] = []
    private let pairsPerCall: Int
    /// Whether a positive and a negative stand side by side, so that one may stop after any two.
    private let isPaired: Bool
    private let order: SeededOrder
    private let latent: Int
    private let words: MarkedWords
    private var open: [(positive: Question, negative: Question)] = []

    /// Makes calls of at most `size` questions, two at least.
    init(size: Int, isPaired: Bool, latent: Int, seed: UInt64, tokenDecoder: any TokenDecoder) {
        pairsPerCall = max(size / 2, 1)
        self.isPaired = isPaired
        order = SeededOrder(seed: seed, purpose: .questions)
        self.latent = latent
        words = MarkedWords(tokenDecoder: tokenDecoder)
    }

    /// Pairs each positive with a negative that `take` makes of a silent window of its length; a positive without one is left out.
    mutating func pair(_ positives: [Question], from free: inout SilentWindows) {
        let positives = order.sorted(positives, latent: latent) { $0.identity }
        let shown = positives.map { words.marked(in: $0.tokens, under: $0.marked) }
        for (place, positive) in positives.enumerated() {
            if !open.isEmpty, open.count < pairsPerCall, let negative = mirror(of: positive, from: &free) {
                open.append((positive, negative))
                continue
            }
            close()
            // What the next ones share with it, their negatives will have to share with its own.
            let next = (place + 1..<min(place + pairsPerCall, positives.count))
                .filter { !shown[place].isDisjoint(with: shown[$0]) }.map { positives[$0] }
            guard let negative = first(of: positive, before: next, from: &free) else { continue }
            open.append((positive, negative))
        }
        close()
    }

    private mutating func close() {
        guard !open.isEmpty else { return }
        if isPaired {
            // Side by side with another one's negative: equal marks would give away that one of both is right.
            let negatives = open.map(\.negative)
            questions += open.enumerated().flatMap { place, pair in
                order.inEitherOrder(pair.positive, negatives[(place + 1) % negatives.count], latent: latent)
            }
        } else {
            let call = open.flatMap { [$0.positive, $0.negative] }
            questions += order.sorted(call, latent: latent, variant: UInt64(sizes.count) + 1) { $0.identity }
        }
        sizes.append(2 * open.count)
        open = []
    }

    /// A negative that shares marked tokens with those of the call as the positive does with its positives.
    private func mirror(of positive: Question, from free: inout SilentWindows) -> Question? {
        let own = words.marked(in: positive.tokens, under: positive.marked)
        let others = open.map { pair in
            (
                words: words.marked(in: pair.negative.tokens, under: pair.negative.marked),
                isShared: !own.isDisjoint(with: words.marked(in: pair.positive.tokens, under: pair.positive.marked))
            )
        }
        return free.partner(of: positive) { tokens in
            let marked = words.marked(in: tokens, under: positive.marked)
            return others.allSatisfy { marked.isDisjoint(with: $0.words) != $0.isShared }
        }
    }

    /// The first negative of a call, if possible one with a marked token that windows for the next ones have too.
    private func first(of positive: Question, before next: [Question], from free: inout SilentWindows) -> Question? {
        guard !next.isEmpty else { return free.partner(of: positive) }
        let found = next.map { question in
            free.left(length: question.tokens.count).reduce(into: [String: Int]()) { counts, window in
                for word in words.marked(in: window.window.tokens, under: question.marked) {
                    counts[word, default: 0] += 1
                }
            }
        }
        let frequent = free.partner(of: positive) { tokens in
            words.marked(in: tokens, under: positive.marked).contains { word in
                found.allSatisfy { $0[word, default: 0] > next.count }
            }
        }
        return frequent ?? free.partner(of: positive)
    }
}

extension SilentWindows {
    /// A silent window of the positive's length, under its marks.
    mutating func partner(of positive: Question, where isWanted: ([UInt32]) -> Bool = { _ in true }) -> Question? {
        take(under: positive.marked, of: positive.identity, length: positive.tokens.count, where: isWanted).map {
            silent in
            Question(
                identity: silent.window.identity, tokens: silent.window.tokens, marked: positive.marked,
                isPositive: false, block: positive.block, document: silent.document)
        }
    }
}

/// The marked tokens of windows as a reader tells them apart: without space round them and whatever their case.
private final class MarkedWords {
    private let tokenDecoder: any TokenDecoder
    private var known: [UInt32: String] = [:]

    init(tokenDecoder: any TokenDecoder) { self.tokenDecoder = tokenDecoder }

    func marked(in tokens: [UInt32], under marks: [Bool]) -> Set<String> {
        Set(zip(tokens, marks).filter(\.1).map { word($0.0) })
    }

    private func word(_ token: UInt32) -> String {
        if let word = known[token] { return word }
        let text = String(decoding: tokenDecoder.bytes(of: token), as: UTF8.self)
        let bare = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
        let word = bare.isEmpty ? text : bare
        known[token] = word
        return word
    }
}
