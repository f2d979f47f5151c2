/// A key that a person has pressed.
enum Key: Sendable, Hashable {
    case character(Character)
    case enter, escape, tab, backspace
    case up, down, pageUp, pageDown, home, end
    /// Ctrl-L.
    case redraw
}

/// Makes keys of the bytes that a terminal sends.
///
/// Source: Xterm Control Sequences, "Special Keyboard Keys". A terminal sends a key's sequence at once, so an escape at the
/// end of what has come is the key Escape.
struct KeyReader {
    private var pending: [UInt8] = []

    /// The keys of the bytes that have come together; a character whose bytes are not all there is waited for.
    mutating func keys(of bytes: some Sequence<UInt8>) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        while let first = pending.first {
            if first == 0x1B {
                keys += sequence()
            } else if let character = character() {
                if let key = Self.key(of: character) { keys.append(key) }
            } else {
                break
            }
        }
        return keys
    }

    private static func key(of character: Character) -> Key? {
        switch character {
        case "\r", "\n", "\r\n": .enter
        case "\t": .tab
        case "\u{7F}", "\u{08}": .backspace
        case "\u{0C}": .redraw
        case _ where character.unicodeScalars.contains { $0.properties.generalCategory == .control }: nil
        default: .character(character)
        }
    }

    /// Takes a scalar's bytes; `nil` if more of them must come.
    ///
    /// A byte that begins none is dropped as a control.
    private mutating func character() -> Character? {
        let first = pending[0]
        let length = first < 0x80 || first >= 0xF8 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        guard pending.count >= length else { return nil }
        let bytes = pending.prefix(length)
        pending.removeFirst(length)
        return String(validating: bytes, as: UTF8.self)?.first ?? "\0"
    }

    /// Takes a sequence that begins with an escape; one that means nothing here gives no key.
    private mutating func sequence() -> [Key] {
        guard pending.count > 1, pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else {
            pending.removeFirst()
            return [.escape]
        }
        let rest = pending.dropFirst(2)
        let end = rest.firstIndex { (0x40...0x7E).contains($0) }
        let body = String(decoding: rest.prefix(end.map { $0 - 1 } ?? rest.count), as: UTF8.self)
        pending.removeFirst(end.map { $0 + 1 } ?? pending.count)
        let key: Key? =
            switch body {
            case "A": .up
            case "B": .down
            case "5~": .pageUp
            case "6~": .pageDown
            case "H", "1~", "7~": .home
            case "F", "4~", "8~": .end
            default: nil
            }
        return key.map { [$0] } ?? []
    }
}
