/// The forms of names in a topology.
enum Names {
    /// The permitted form of a name, for messages.
    static let form = "letters, digits, `_` and `-`, a letter first, at most 100 in all"

    /// Whether a text may name a node, a model or the topology.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isASCIILetterOrDigit, !(0x30...0x39).contains(first) else {
            return false
        }
        return text.utf8.count <= 100
            && text.utf8.allSatisfy {
                $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }

    /// The name of a hookpoint that has two: `embed` is the input of the first block.
    static func hookpoint(_ text: String) -> String { text == "embed" ? "layers.0.input" : text }

    /// Whether a text is written like a hookpoint: `embed`, `layers.N`, or that and further words, such as `layers.3.mlp`.
    static func isHookpoint(_ text: String) -> Bool {
        if text == "embed" { return true }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts.count <= 5, parts[0] == "layers",
            case .value(let layer) = Numerals.whole(parts[1]),
            String(layer) == parts[1], (0..<10_000).contains(layer)
        else { return false }
        return parts.dropFirst(2).allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }
        }
    }

    /// Whether a librdkafka setting of that name holds a secret.
    static func isSecretSetting(_ name: String) -> Bool {
        let lowercased = name.lowercased()
        return ["password", "passphrase", "secret"].contains { lowercased.contains($0) }
            || lowercased.hasSuffix("key.pem")
    }

    /// Whether a text is `host:port` or, for IPv6, `[address]:port`.
    static func isAddress(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":") else { return false }
        let host = text[..<colon]
        guard case .value(let port) = Numerals.whole(text[text.index(after: colon)...]), (0...65_535).contains(port),
            text[text.index(after: colon)...].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return false }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2
        let letters = isBracketed ? host.dropFirst().dropLast() : host
        return !letters.isEmpty
            && letters.utf8.allSatisfy { byte in
                byte.isASCIILetterOrDigit || "._-".utf8.contains(byte) || (isBracketed && ":%".utf8.contains(byte))
            }
    }

    /// Whether a text is an `http` or `https` URL with a host.
    static func isURL(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else { return false }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return !hostAndPort.isEmpty && !hostAndPort.hasPrefix(":")
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}
