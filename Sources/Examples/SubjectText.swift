public import Elements

/// The subject model's text made fit to stand in a prompt: one line that cannot be read as marks, answers or turns.
///
/// - Line ends are shown as `⏎`, tabs as `⇥`; other control characters, direction overrides and invisible tags are dropped.
/// - `<<` and `>>` of the text, the answer tag, and strings that servers read as control tokens are broken by
///   replacing their first character with one that looks alike, before marks are set: marks stay as they are.
/// - Bytes that are not UTF-8 are shown as U+FFFD; characters that several tokens share are put together first.
public enum SubjectText {
    /// The string that opens a mark.
    public static let openingMark = "<<"
    /// The string that closes a mark.
    public static let closingMark = ">>"

    /// The text of a window on one line, with `<<` and `>>` round each run of marked tokens.
    ///
    /// `marked` is as long as `tokens`, or empty for no marks; what it lacks counts as unmarked.
    public static func line(of tokens: [UInt32], marked: [Bool] = [], tokenDecoder: any TokenDecoder) -> String {
        var bytes: [UInt8] = []
        var flags: [Bool] = []
        for (index, token) in tokens.enumerated() {
            let piece = tokenDecoder.bytes(of: token)
            bytes.append(contentsOf: piece)
            let isMarked = index < marked.count && marked[index]
            flags.append(contentsOf: repeatElement(isMarked, count: piece.count))
        }
        return render(guarded(visible(scalars(of: bytes, flags: flags))))
    }

    /// A plain text on one line, made safe in the same way.
    public static func line(of plain: String) -> String {
        let bytes = Array(plain.utf8)
        return render(guarded(visible(scalars(of: bytes, flags: [Bool](repeating: false, count: bytes.count)))))
    }

    private struct Piece {
        var scalar: Unicode.Scalar
        var isMarked: Bool
    }

    private static func scalars(of bytes: [UInt8], flags: [Bool]) -> [Piece] {
        var pieces: [Piece] = []
        pieces.reserveCapacity(bytes.count)
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        while true {
            let scalar: Unicode.Scalar
            let length: Int
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                scalar = Unicode.UTF8.decode(encoded)
                length = encoded.count
            case .error(let count):
                scalar = "\u{FFFD}"
                length = count
            case .emptyInput:
                return pieces
            }
            let end = min(position + length, flags.count)
            pieces.append(Piece(scalar: scalar, isMarked: flags[min(position, end)..<end].contains(true)))
            position = end
        }
    }

    private static func visible(_ pieces: [Piece]) -> [Piece] {
        var result: [Piece] = []
        result.reserveCapacity(pieces.count)
        var previousIsReturn = false
        for piece in pieces {
            defer { previousIsReturn = piece.scalar == "\r" }
            switch piece.scalar.value {
            case 0x0A where previousIsReturn:
                continue
            case 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029:
                result.append(Piece(scalar: "⏎", isMarked: piece.isMarked))
            case 0x09:
                result.append(Piece(scalar: "⇥", isMarked: piece.isMarked))
            case _ where ControlCharacters.contains(piece.scalar):
                continue
            default:
                result.append(piece)
            }
        }
        return result
    }

    /// What must not appear in a prompt by the subject's hand, in lower case.
    private static let forbidden: [[Unicode.Scalar]] =
        ["<<", ">>", "[explanation]"].map { Array($0.unicodeScalars) } + ControlStrings.known

    private static func guarded(_ pieces: [Piece]) -> [Piece] {
        var result = pieces
        for index in pieces.indices {
            let scalar = pieces[index].scalar
            guard ControlStrings.lookalike(scalar) != scalar else { continue }
            let isForbidden = forbidden.contains { pattern in
                pattern.count <= pieces.count - index
                    && pattern.indices.allSatisfy {
                        ControlStrings.lowercased(pieces[index + $0].scalar) == pattern[$0]
                    }
            }
            // An angle at the edge of a mark would merge with it.
            let before = index > 0 && pieces[index - 1].isMarked
            let after = index + 1 < pieces.count && pieces[index + 1].isMarked
            let isAtEdge = pieces[index].isMarked != before || pieces[index].isMarked != after
            if isForbidden || (isAtEdge && (scalar == "<" || scalar == ">")) {
                result[index].scalar = ControlStrings.lookalike(scalar)
            }
        }
        breakMarked(&result)
        return result
    }

    /// Breaks what would be a control string with the angles of its marks.
    private static func breakMarked(_ pieces: inout [Piece]) {
        var start = 0
        while start < pieces.count {
            var end = start + 1
            while end < pieces.count, pieces[end].isMarked == pieces[start].isMarked { end += 1 }
            if pieces[start].isMarked, let breach = ControlStrings.breach(inMarked: pieces[start..<end].map(\.scalar)) {
                pieces[start + breach.offset].scalar = breach.scalar
            }
            start = end
        }
    }

    private static func render(_ pieces: [Piece]) -> String {
        var line = String.UnicodeScalarView()
        var isOpen = false
        for piece in pieces {
            if piece.isMarked != isOpen {
                line.append(contentsOf: (isOpen ? closingMark : openingMark).unicodeScalars)
                isOpen = piece.isMarked
            }
            line.append(piece.scalar)
        }
        if isOpen { line.append(contentsOf: closingMark.unicodeScalars) }
        return String(line)
    }
}
