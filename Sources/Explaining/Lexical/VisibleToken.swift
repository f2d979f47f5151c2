import Elements
import Examples

/// A token in quotes with everything in it visible.
///
/// Spaces are shown as `·`, line ends as `⏎`, tabs as `⇥`; quotes and backslashes are escaped, other control characters
/// are written as `\u{…}`. Bytes that are part of a character of UTF-8 stand as that: the first of one as `⟨E2 80…⟩`, the last
/// as `⟨…B6⟩`; a byte that no character has as `⟨FF⟩`.
enum VisibleToken {
    static func quoted(_ token: UInt32, tokenDecoder: any TokenDecoder, longest: Int) -> String {
        let bytes = tokenDecoder.bytes(of: token)
        return bytes.isEmpty ? "token \(token)" : quoted(bytes, longest: longest)
    }

    static func quoted(_ plain: String, longest: Int) -> String { quoted(Array(plain.utf8), longest: longest) }

    private static func quoted(_ bytes: [UInt8], longest: Int) -> String {
        var pieces: [String] = []
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        /// Bytes inside a character, which may be several in a row.
        var inside: [UInt8] = []
        func endInside() {
            if !inside.isEmpty { pieces.append(part(of: inside)) }
            inside = []
        }
        parsing: while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                endInside()
                pieces.append(visible(Unicode.UTF8.decode(encoded)))
                position += encoded.count
            case .error(let length):
                let wrong = bytes[position..<min(position + length, bytes.count)]
                if wrong.allSatisfy({ $0 & 0xC0 == 0x80 }) {
                    inside += wrong
                } else {
                    endInside()
                    pieces.append(part(of: Array(wrong)))
                }
                position += length
            case .emptyInput:
                endInside()
                break parsing
            }
        }
        var shown = ""
        for piece in pieces {
            guard shown.unicodeScalars.count + piece.unicodeScalars.count <= longest else {
                shown += "…"
                break
            }
            shown += piece
        }
        return "\"\(shown)\""
    }

    /// Bytes that are no whole character, by where they stand in one.
    private static func part(of bytes: [UInt8]) -> String {
        let text = bytes.map { String($0, radix: 16, uppercase: true) }.joined(separator: " ")
        return switch bytes.first ?? 0 {
        case 0x80..<0xC0: "⟨…\(text)⟩"
        case 0xC2..<0xF5: "⟨\(text)…⟩"
        default: "⟨\(text)⟩"
        }
    }

    private static func visible(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case " ": "·"
        case "\n": "⏎"
        case "\t": "⇥"
        case "\"": "\\\""
        case "\\": "\\\\"
        default:
            ControlCharacters.contains(scalar) || scalar.properties.isWhitespace
                ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
        }
    }
}
