public import Elements

extension ExplanationParts {
    /// The part to which a window belongs: the one whose windows it is most alike on average (the first of equals); `nil`
    /// for one that is less alike than the part reaches.
    public func part(of window: TellingTokens) -> Int? {
        let likeness = likeness(of: window)
        guard let best = likeness.indices.max(by: { (likeness[$0], $1) < (likeness[$1], $0) }),
            likeness[best] > 0, likeness[best] >= parts[best].reach
        else { return nil }
        return best
    }

    /// `[parts]`: the mean likeness of a window to those of each part, by the tokens that are kept of them.
    public func likeness(of window: TellingTokens) -> [Double] {
        var fired = [Double](repeating: 0, count: parts.count)
        var near = fired
        var known = 0.0
        for token in tokens {
            if token.isFired {
                guard let value = window.fired[token.text] else { continue }
                for (part, mean) in zip(fired.indices, token.values) { fired[part] += value * mean }
            } else if window.near.contains(token.text) {
                known += token.rarity * token.rarity
                for (part, mean) in zip(near.indices, token.values) { near[part] += token.rarity * mean }
            }
        }
        // Summed in one order, so that a window has the same likeness each time.
        let length = window.fired.values.sorted().reduce(0) { $0 + $1 * $1 }.squareRoot()
        return parts.indices.map { part in
            (length > 0 ? fired[part] / length : 0) + (known > 0 ? near[part] / known.squareRoot() : 0)
        }
    }
}
