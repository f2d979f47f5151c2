import Elements
import Examples

/// A part of a window round its strongest mark, without control tokens of the subject.
struct ClippedPassage: Hashable {
    /// Tokens kept before the strongest mark.
    static let before = 12
    /// Tokens kept after it.
    static let after = 6

    /// The token ids.
    let tokens: [UInt32]
    /// `[tokens]`: whether the token is marked.
    let marked: [Bool]
    /// Whether the window has text before the first and after the last of them.
    let isCutBefore, isCutAfter: Bool

    /// Clips an example; one without a mark is clipped round the first token of `near`, or after its beginning.
    init(of example: PlannedExample, near: Set<UInt32> = [], tokenDecoder: any TokenDecoder) {
        let kept = example.tokens.indices.filter { !tokenDecoder.isSpecial(example.tokens[$0]) }
        let isMarked = { (place: Int) in example.marked.indices.contains(place) && example.marked[place] }
        let strength = { (place: Int) in example.strengths.indices.contains(place) ? example.strengths[place] : 0 }
        var centre: Int?
        for (index, place) in kept.enumerated() where isMarked(place) {
            // The first of the strongest.
            if centre.map({ strength(place) > strength(kept[$0]) }) ?? true { centre = index }
        }
        let middle = centre ?? kept.firstIndex { near.contains(example.tokens[$0]) } ?? min(Self.before, kept.count)
        let range = max(middle - Self.before, 0)..<max(min(middle + Self.after + 1, kept.count), 0)
        tokens = kept[range].map { example.tokens[$0] }
        marked = kept[range].map(isMarked)
        isCutBefore = range.lowerBound > 0
        isCutAfter = range.upperBound < kept.count
    }

    /// The passage on one line, with dots where it was cut.
    func line(_ tokenDecoder: any TokenDecoder) -> String {
        var line = SubjectText.line(of: tokens, marked: marked, tokenDecoder: tokenDecoder)
        // What is left of a character that a cut goes through says nothing.
        if isCutBefore { line = String(line.drop { $0 == "\u{FFFD}" }) }
        if isCutAfter { while line.last == "\u{FFFD}" { line.removeLast() } }
        return (isCutBefore ? "…" : "") + line.trimmingSpaces + (isCutAfter ? "…" : "")
    }
}
