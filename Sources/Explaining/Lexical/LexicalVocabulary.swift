public import Elements

/// The terms that each token of a vocabulary is of: made once per tokenizer.
///
/// Terms are numbered: `0..<count` are the tokens themselves, then come those that hold for more than one token.
public struct LexicalVocabulary: Sendable {
    /// The number of tokens.
    public let count: Int
    /// The terms that hold for more than one token.
    private let sharedTerms: [LexicalTerm]
    /// `[shared terms]`: whether pairs are made of the term.
    private let sharedIsOfPairs: [Bool]
    /// The tokens of every term that is not a token itself.
    private let members: [LexicalTerm: [UInt32]]
    /// Compressed rows: the numbers of the shared terms of token `t` are those from `rowStarts[t]` to `rowStarts[t + 1]`.
    private let rowStarts: [Int32]
    private let rows: [Int32]

    /// Reads the shape of every token.
    public init(tokenDecoder: any TokenDecoder) {
        let count = max(tokenDecoder.count, 0)
        var members: [LexicalTerm: [UInt32]] = [:]
        for token in 0..<UInt32(clamping: count) {
            let shape = TokenShape(of: token, tokenDecoder: tokenDecoder)
            if let word = shape.word {
                members[.word(word), default: []].append(token)
                if let cased = shape.casedWord { members[.casedWord(cased), default: []].append(token) }
                for ending in TokenShape.endings(of: word) { members[.ending(ending), default: []].append(token) }
                for start in TokenShape.beginnings(of: word) { members[.beginning(start), default: []].append(token) }
            }
            if let pattern = shape.pattern, pattern.count > 1 { members[.shape(pattern), default: []].append(token) }
            for character in shape.characters { members[.character(character), default: []].append(token) }
            for tokenClass in shape.classes { members[.tokenClass(tokenClass), default: []].append(token) }
        }
        // A word that is written in one way only needs no second term; a very token needs none at all.
        let plain = members.filter { term, tokens in
            if case .casedWord(let word) = term {
                members[.word(word.lowercased())]?.count == tokens.count
            } else {
                false
            }
        }
        for term in plain.keys { members[term] = nil }
        // Ordered by their first member, so that numbers do not depend on hashing.
        let shared = members.filter { $0.value.count > 1 }
            .map { (first: $0.value[0], name: "\($0.key)", term: $0.key) }
            .sorted { ($0.first, $0.name) < ($1.first, $1.name) }
            .map(\.term)
        var perToken = [[Int32]](repeating: [], count: count)
        for (position, term) in shared.enumerated() {
            for token in members[term] ?? [] { perToken[Int(token)].append(Int32(clamping: count + position)) }
        }
        var starts: [Int32] = [0]
        starts.reserveCapacity(count + 1)
        var total: Int32 = 0
        for row in perToken {
            total += Int32(clamping: row.count)
            starts.append(total)
        }
        self.count = count
        self.members = members
        sharedTerms = shared
        sharedIsOfPairs = shared.map { term in
            switch term {
            case .word, .tokenClass: true
            default: false
            }
        }
        rowStarts = starts
        rows = perToken.flatMap(\.self)
    }

    /// The number of terms.
    var termCount: Int { count + sharedTerms.count }

    /// The term of a number below `termCount`.
    func term(_ number: Int) -> LexicalTerm {
        isToken(number) ? .token(UInt32(clamping: number)) : sharedTerms[number - count]
    }

    /// Whether the term of a number is a very token.
    func isToken(_ number: Int) -> Bool { number < count }

    /// Calls `body` with the number of every term a token is of; with none for a token out of range.
    @inline(__always)
    func forEachTerm(of token: UInt32, _ body: (Int32) -> Void) {
        let index = Int(token)
        guard index < count else { return }
        body(Int32(truncatingIfNeeded: index))
        for position in Int(rowStarts[index])..<Int(rowStarts[index + 1]) { body(rows[position]) }
    }

    /// A fast form of a predicate: gives what `LexicalPredicate.matches(tokens:text:)` gives.
    public func matcher(for predicate: LexicalPredicate) -> LexicalMatcher {
        LexicalMatcher(alternatives: predicate.alternatives.map { $0.map(matcherClause) })
    }

    private func matcherClause(_ clause: LexicalClause) -> LexicalMatcher.Clause {
        var tokens = TokenSet(count: count)
        var pairs: [(before: TokenSet, token: TokenSet)] = []
        for term in clause.terms {
            if case .after(let before, let token) = term {
                pairs.append((set(of: before), token.map { set(of: $0) } ?? .everything))
            } else {
                for token in self.tokens(of: term) { tokens.insert(token) }
            }
        }
        return LexicalMatcher.Clause(tokens: tokens, pairs: pairs, isNegated: clause.isNegated)
    }

    private func set(of term: LexicalTerm) -> TokenSet {
        var set = TokenSet(count: count)
        for token in tokens(of: term) { set.insert(token) }
        return set
    }

    /// The tokens of a term that asks for one token.
    private func tokens(of term: LexicalTerm) -> [UInt32] {
        if case .token(let id) = term { [id] } else { members[term] ?? [] }
    }

    /// Calls `body` with the terms of a token that pairs are made of: itself, its word and its classes.
    func forEachPairTerm(of token: UInt32, _ body: (Int32) -> Void) {
        forEachTerm(of: token) { number in if isOfPairs(number) { body(number) } }
    }

    private func isOfPairs(_ number: Int32) -> Bool {
        Int(number) < count || sharedIsOfPairs[Int(number) - count]
    }
}
