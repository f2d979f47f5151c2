/// Finds added tokens in text: at each place the longest, by a tree of their bytes.
struct TokenFinder: Sendable {
    private struct Node {
        var labels: [UInt8] = []
        var targets: [Int] = []
        var added: Int?
    }

    private let added: [AddedToken]
    private var nodes = [Node()]
    private var starts = [Bool](repeating: false, count: 256)

    /// Whether there is nothing to find.
    var isEmpty: Bool { nodes.count == 1 }

    /// Makes a finder of tokens and the bytes to look for; of two with the same bytes the later one is found.
    init(_ tokens: [(added: AddedToken, bytes: [UInt8])]) {
        added = tokens.map(\.added)
        for (index, token) in tokens.enumerated() where !token.bytes.isEmpty { insert(token.bytes, index) }
    }

    private mutating func insert(_ bytes: [UInt8], _ index: Int) {
        var node = 0
        starts[Int(bytes[0])] = true
        for byte in bytes {
            if let place = nodes[node].labels.firstIndex(of: byte) {
                node = nodes[node].targets[place]
            } else {
                nodes[node].labels.append(byte)
                nodes[node].targets.append(nodes.count)
                node = nodes.count
                nodes.append(Node())
            }
        }
        nodes[node].added = index
    }

    /// A token found in text.
    struct Match {
        let token: UInt32
        /// The bytes it covers, with the white space that goes with it.
        let range: Range<Int>
    }

    /// The first token found at or after an offset.
    func next(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Match? {
        guard !isEmpty else { return nil }
        var offset = start
        while offset < text.count {
            guard starts[Int(text[offset])], let (index, end) = longest(in: text, at: offset) else {
                offset += 1
                continue
            }
            let token = added[index]
            if token.isWholeWord, !Self.isWholeWord(text, offset..<end) {
                offset = end
                continue
            }
            var range = offset..<end
            if token.stripsLeft { range = Self.stripped(text, before: offset, least: start)..<end }
            if token.stripsRight { range = range.lowerBound..<Self.stripped(text, after: end) }
            return Match(token: token.token, range: range)
        }
        return nil
    }

    private func longest(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> (index: Int, end: Int)? {
        var node = 0
        var offset = start
        var found: (index: Int, end: Int)?
        while offset < text.count, let place = nodes[node].labels.firstIndex(of: text[offset]) {
            node = nodes[node].targets[place]
            offset += 1
            if let index = nodes[node].added { found = (index, offset) }
        }
        return found
    }

    private static func stripped(_ text: UnsafeBufferPointer<UInt8>, before end: Int, least: Int) -> Int {
        var start = end
        while let (scalar, before) = UTF8Scalars.scalar(text, before: start), before >= least,
            scalar.properties.isWhitespace
        {
            start = before
        }
        return start
    }

    private static func stripped(_ text: UnsafeBufferPointer<UInt8>, after start: Int) -> Int {
        var end = start
        while end < text.count {
            let (scalar, next) = UTF8Scalars.scalar(text, at: end)
            guard let scalar, scalar.properties.isWhitespace else { break }
            end = next
        }
        return end
    }

    private static func isWholeWord(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        if let (scalar, _) = UTF8Scalars.scalar(text, before: range.lowerBound), isOfWord(scalar) { return false }
        guard range.upperBound < text.count else { return true }
        return !(UTF8Scalars.scalar(text, at: range.upperBound).scalar.map(isOfWord) ?? false)
    }

    /// `\w` of the reference's regular expressions.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
        return switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
        default: false
        }
    }
}
