/// Finds tokens that are cut out of text as they stand: at each place the longest.
struct TokenFinder: Sendable {
    /// By first byte: the tokens that start with it, longest first, of equal ones the later.
    private var candidates: [[(token: UInt32, bytes: [UInt8])]]

    /// Whether there is nothing to find.
    let isEmpty: Bool

    init(_ tokens: Set<UInt32>, of vocabulary: TokenBytes) {
        candidates = [[(token: UInt32, bytes: [UInt8])]](repeating: [], count: 256)
        for token in tokens {
            let bytes = Array(vocabulary[token])
            guard let first = bytes.first else { continue }
            candidates[Int(first)].append((token, bytes))
        }
        for first in candidates.indices {
            candidates[first].sort { ($1.bytes.count, $1.token) < ($0.bytes.count, $0.token) }
        }
        isEmpty = candidates.allSatisfy(\.isEmpty)
    }

    /// The first token found at or behind an offset, and the bytes it covers.
    func next(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> (token: UInt32, range: Range<Int>)? {
        guard !isEmpty else { return nil }
        for offset in start..<max(start, text.count) {
            for candidate in candidates[Int(text[offset])] where candidate.bytes.count <= text.count - offset {
                let end = offset + candidate.bytes.count
                if text[offset..<end].elementsEqual(candidate.bytes) { return (candidate.token, offset..<end) }
            }
        }
        return nil
    }
}
