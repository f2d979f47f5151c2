import Elements
import Examples

/// The words of a window, and the signs between them, with how strongly a latent fires in each.
struct WindowWords {
    struct Word: Equatable {
        let text: String
        /// The largest strength of its marked tokens.
        let strength: Int
        let isMarked: Bool
    }

    private(set) var words: [Word] = []

    /// - Parameters:
    ///   - tokens: `[tokens]`
    ///   - marked: `[tokens]`, or fewer.
    ///   - strengths: `[tokens]`, or fewer; from 0 to 10.
    ///   - token: A token that is no text, such as the one that contexts begin with.
    init(
        _ tokens: [UInt32], marked: [Bool], strengths: [UInt8], hiding token: UInt32?, tokenDecoder: any TokenDecoder
    ) {
        var bytes: [UInt8] = []
        var owners: [Int] = []
        for (index, id) in tokens.enumerated() where id != token {
            let piece = tokenDecoder.bytes(of: id)
            bytes += piece
            owners += repeatElement(index, count: piece.count)
        }
        var text = String.UnicodeScalarView()
        var current: Set<Int> = []
        var kind = Kind.space
        func strength(of token: Int) -> Int { token < strengths.count ? Int(strengths[token]) : 0 }
        func end(_ words: inout [Word]) {
            defer {
                text = String.UnicodeScalarView()
                current = []
            }
            let firing = current.filter { $0 < marked.count && marked[$0] }
            let visible = SubjectText.line(of: String(text)).trimmingSpaces
            let isSpace = visible.isEmpty
            guard !isSpace || !firing.isEmpty, !text.isEmpty else { return }
            // Blanks count only where nothing else of the token could be meant.
            if isSpace, firing.allSatisfy({ Self.hasText(tokens[$0], tokenDecoder) }) { return }
            words.append(
                Word(
                    text: isSpace ? Self.blank : visible, strength: firing.map(strength).max() ?? 0,
                    isMarked: !firing.isEmpty))
        }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        reading: while true {
            let scalar: Unicode.Scalar
            let length: Int
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded): (scalar, length) = (Unicode.UTF8.decode(encoded), encoded.count)
            case .error(let count): (scalar, length) = ("\u{FFFD}", count)
            case .emptyInput: break reading
            }
            let next = Kind(scalar)
            // Signs are counted token by token: what is marked in "()[" is one of them.
            let owner = owners[min(position, owners.count - 1)]
            if next != kind || next != .letter && !current.contains(owner) { end(&words) }
            kind = next
            text.append(scalar)
            for place in position..<min(position + length, owners.count) { current.insert(owners[place]) }
            position += length
        }
        end(&words)
    }

    private static let blank = "a space"

    private static func hasText(_ token: UInt32, _ tokenDecoder: any TokenDecoder) -> Bool {
        !SubjectText.line(of: [token], tokenDecoder: tokenDecoder).trimmingSpaces.isEmpty
    }

    private enum Kind {
        case letter, sign, space, line

        init(_ scalar: Unicode.Scalar) {
            let properties = scalar.properties
            if properties.isAlphabetic || properties.numericType != nil
                || properties.canonicalCombiningClass.rawValue > 0
            {
                self = .letter
            } else if scalar.value == 0x0A || scalar.value == 0x0D {
                self = .line
            } else {
                self = properties.isWhitespace ? .space : .sign
            }
        }
    }
}

extension String {
    /// Without the blanks at both ends.
    var trimmingSpaces: String {
        let start = drop { $0 == " " }
        guard let last = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...last])
    }
}
