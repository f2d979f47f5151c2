package import Elements

/// A token of a window as it is shown, or several that share a character.
package struct TokenPiece: Sendable, Hashable, Codable {
    /// The text, made visible; a character that several tokens share stands in one piece with all of them.
    package var text: String
    /// The ids of its tokens.
    package var ids: [UInt32]
    /// The largest activation of its tokens; 0 where the latent is silent.
    package var activation: Float
    /// How strong that is, from 0 (silent) to 4: the quarter of the latent's maximum that it lies in.
    package var level: Int

    /// The levels besides silence.
    package static let levels = 4

    /// The level of an activation beside the latent's maximum.
    static func level(of activation: Float, maximum: Float) -> Int {
        guard activation > 0 else { return 0 }
        guard maximum > 0 else { return 1 }
        let level = (Float(levels) * activation / maximum).rounded(.up)
        return level.isFinite ? Int(min(max(level, 1), Float(levels))) : levels
    }

    /// The pieces of a window.
    ///
    /// - Parameters:
    ///   - activations: `[tokens]`; what it lacks counts as silent.
    ///   - maximum: The latent's largest activation.
    ///   - tokenDecoder: Gives the text of tokens; without one their ids are shown.
    package static func pieces(
        of tokens: [UInt32], activations: [Float], maximum: Float, tokenDecoder: (any TokenDecoder)?
    ) -> [TokenPiece] {
        guard let tokenDecoder else {
            return tokens.enumerated().map { index, token in
                piece("[\(token)]", [token], index < activations.count ? activations[index] : 0, maximum)
            }
        }
        return pieces(
            of: tokens.map { ([$0], tokenDecoder.bytes(of: $0)) }, activations: activations, maximum: maximum)
    }

    /// The pieces of a text of which the bytes of each token are known, and not its id.
    package static func pieces(of bytes: [[UInt8]], activations: [Float], maximum: Float) -> [TokenPiece] {
        pieces(of: bytes.map { ([], $0) }, activations: activations, maximum: maximum)
    }

    private static func pieces(
        of tokens: [(ids: [UInt32], bytes: [UInt8])], activations: [Float], maximum: Float
    ) -> [TokenPiece] {
        var pieces: [TokenPiece] = []
        var open = OpenPiece()
        for (index, token) in tokens.enumerated() {
            open.add(token.ids, token.bytes, index < activations.count ? activations[index] : 0)
            // The next token ends a character that this one begins, if it can.
            if open.endsInsideCharacter, index + 1 < tokens.count, open.count < OpenPiece.mostTokens { continue }
            pieces.append(piece(VisibleText.of(open.bytes), open.ids, open.activation, maximum))
            open = OpenPiece()
        }
        return pieces
    }

    private static func piece(_ text: String, _ ids: [UInt32], _ activation: Float, _ maximum: Float) -> TokenPiece {
        TokenPiece(
            text: text, ids: ids, activation: activation, level: level(of: activation, maximum: maximum))
    }
}

/// Tokens that are being put together.
private struct OpenPiece {
    /// No character of UTF-8 is longer, so that no more tokens can share one.
    static let mostTokens = 4

    private(set) var count = 0
    private(set) var ids: [UInt32] = []
    private(set) var bytes: [UInt8] = []
    private(set) var activation: Float = 0

    mutating func add(_ ids: [UInt32], _ bytes: [UInt8], _ activation: Float) {
        count += 1
        self.ids += ids
        self.bytes += bytes
        self.activation = max(self.activation, activation)
    }

    /// Whether the bytes end after the first ones of a character and before its last.
    var endsInsideCharacter: Bool {
        for (length, byte) in bytes.suffix(3).reversed().enumerated() {
            if byte & 0xC0 == 0x80 { continue }
            let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length + 1 < needed
        }
        return false
    }
}
