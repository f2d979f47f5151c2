public import Elements

/// The terms that each token of a vocabulary is of: made once per tokenizer.
///
/// Terms are numbered: `0..<count` are the tokens themselves, then come those that hold for more than one token.
public struct LexicalVocabulary: Sendable {
    /// The number of tokens.
    public let count: Int
    /// The terms that hold for more than one token.
    private let sharedTerms: [LexicalTerm]
    /// The tokens of every term that is not a token itself.
    private let members: [LexicalTerm: [UInt32]]
    /// Compressed rows: the numbers of the shared terms of token `t` are those from `rowStarts[t]` to `rowStarts[t + 1]`.
    private let rowStarts: [Int32]
    private let rows: [Int32]

    /// Reads the shape of every token.
    public init(text: any TokenText) {
        let count = max(text.count, 0)
        var members: [LexicalTerm: [UInt32]] = [:]
        for token in 0..<UInt32(clamping: count) {
            let shape = TokenShape(of: token, text: text)
            if let word = shape.word {
                members[.word(word), default: []].append(token)
                for ending in TokenShape.endings(of: word) { members[.ending(ending), default: []].append(token) }
            }
            for tokenClass in shape.classes { members[.tokenClass(tokenClass), default: []].append(token) }
        }
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
        rowStarts = starts
        rows = perToken.flatMap(\.self)
    }

    /// The number of terms.
    var termCount: Int { count + sharedTerms.count }

    /// The term of a number below `termCount`.
    func term(_ number: Int) -> LexicalTerm {
        number < count ? .token(UInt32(clamping: number)) : sharedTerms[number - count]
    }

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
        var bits = [UInt64](repeating: 0, count: (count + 63) / 64)
        for term in predicate.terms {
            let tokens: [UInt32] = if case .token(let id) = term { [id] } else { members[term] ?? [] }
            for token in tokens where Int(token) < count { bits[Int(token >> 6)] |= 1 << UInt64(token & 63) }
        }
        return LexicalMatcher(bits: bits)
    }
}

/// A predicate as a set of tokens.
public struct LexicalMatcher: Sendable {
    let bits: [UInt64]

    /// Whether any token is in the set.
    public func matches(_ tokens: ArraySlice<UInt32>) -> Bool {
        for token in tokens {
            let word = Int(token >> 6)
            if word < bits.count, bits[word] >> UInt64(token & 63) & 1 == 1 { return true }
        }
        return false
    }
}
