/// Cuts a passage to what stands around its strongest mark.
enum PassageClip {
    /// Tokens kept before the first and after the last token of the strongest run of marks.
    static let before = 12
    static let after = 6

    /// The places of the tokens kept; a run of marks is kept whole, up to `before` tokens of it.
    ///
    /// - Parameters:
    ///   - strengths: `[tokens]`
    ///   - marked: `[tokens]`
    static func range(strengths: [UInt8], marked: [Bool]) -> Range<Int> {
        let places = marked.indices.filter { marked[$0] }
        guard let strongest = places.min(by: { (strengths[$1], $0) < (strengths[$0], $1) }) else {
            return 0..<min(marked.count, before + after)
        }
        var first = strongest
        while first > 0, marked[first - 1], strongest - first < before { first -= 1 }
        var last = strongest
        while last + 1 < marked.count, marked[last + 1], last - strongest < before { last += 1 }
        return max(0, first - before)..<min(marked.count, last + 1 + after)
    }
}
