/// A predicate in a form that is fast to run: gives what `LexicalPredicate.matches(tokens:text:)` gives.
public struct LexicalMatcher: Sendable {
    /// One clause as sets of tokens.
    struct Clause: Sendable {
        /// Tokens that are enough by themselves.
        var tokens: TokenSet
        /// Tokens that are enough after any of some others.
        var pairs: [(before: TokenSet, token: TokenSet)] = []
        let isNegated: Bool

        @inline(__always)
        func holds(for window: ArraySlice<UInt32>) -> Bool {
            var before: UInt32?
            for token in window {
                if tokens.contains(token) { return !isNegated }
                if let before, !pairs.isEmpty {
                    for pair in pairs where pair.token.contains(token) && pair.before.contains(before) {
                        return !isNegated
                    }
                }
                before = token
            }
            return isNegated
        }
    }

    /// Lists of clauses of which one must hold.
    let alternatives: [[Clause]]

    /// Whether all clauses of one list hold for a window.
    public func matches(_ tokens: ArraySlice<UInt32>) -> Bool {
        alternatives.contains { clauses in clauses.allSatisfy { $0.holds(for: tokens) } }
    }
}

/// A set of the tokens of a vocabulary, a bit each.
struct TokenSet: Sendable {
    private var bits: [UInt64]
    /// Whether tokens beyond the vocabulary belong to the set.
    private let holdsOthers: Bool

    init(count: Int) {
        bits = [UInt64](repeating: 0, count: (count + 63) / 64)
        holdsOthers = false
    }

    private init(everything: Void) {
        bits = []
        holdsOthers = true
    }

    /// The set of every token there can be.
    static let everything = TokenSet(everything: ())

    mutating func insert(_ token: UInt32) {
        let word = Int(token >> 6)
        if word < bits.count { bits[word] |= 1 << UInt64(token & 63) }
    }

    @inline(__always)
    func contains(_ token: UInt32) -> Bool {
        let word = Int(token >> 6)
        return word < bits.count ? bits[word] >> UInt64(token & 63) & 1 == 1 : holdsOthers
    }
}
