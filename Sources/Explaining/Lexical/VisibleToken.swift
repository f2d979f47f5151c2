import Elements
import Examples

/// A token in quotes with everything in it visible.
///
/// Spaces are shown as `·`, line ends as `⏎`, tabs as `⇥`; quotes and backslashes are escaped, other control characters
/// are written as `\u{…}`, bytes that are not UTF-8 as `\x…`.
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
        parsing: while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                pieces.append(visible(Unicode.UTF8.decode(encoded)))
                position += encoded.count
            case .error(let length):
                for byte in bytes[position..<min(position + length, bytes.count)] {
                    pieces.append("\\x" + String(byte, radix: 16, uppercase: true))
                }
                position += length
            case .emptyInput:
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
