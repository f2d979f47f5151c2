import Foundation

/// Rewrites text as BERT's tokenizer does: control characters dropped, ideographs set apart, accents stripped, all in lower case.
///
/// Source: `BertNormalizer` of Hugging Face `tokenizers`.
struct BertNormalizer: Sendable, Hashable {
    /// Whether control characters are dropped and white space becomes a space.
    var cleansText = true
    /// Whether ideographs are words by themselves.
    var isolatesIdeographs = true
    /// Whether text is decomposed and non-spacing marks are dropped.
    var stripsAccents = true
    /// Whether letters become lower-case ones.
    var lowercases = true

    /// The replacements of the scalars outside ASCII met so far.
    typealias Memory = [Unicode.Scalar: [UInt8]]

    /// The rewritten text; bytes that are not UTF-8 are dropped.
    func normal(_ text: UnsafeBufferPointer<UInt8>, _ memory: inout Memory) -> NormalText {
        var normal = NormalText()
        var offset = 0
        var plain = [UInt8]()
        var start = 0
        while offset < text.count {
            if text[offset] < 0x80 {
                let byte = ascii(text[offset])
                offset += 1
                if let byte {
                    plain.append(byte)
                    continue
                }
                normal.append(plain, from: start)
            } else {
                normal.append(plain, from: start)
                let (scalar, end) = UTF8Scalars.scalar(text, at: offset)
                if let scalar { normal.append(remembered(scalar, &memory), for: offset..<end) }
                offset = end
            }
            plain.removeAll(keepingCapacity: true)
            start = offset
        }
        normal.append(plain, from: start)
        return normal
    }

    private func ascii(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x09, 0x0a, 0x0d: cleansText ? 0x20 : byte
        case 0..<0x20, 0x7f: cleansText ? nil : byte
        case 0x41...0x5a: lowercases ? byte | 0x20 : byte
        default: byte
        }
    }

    private func remembered(_ scalar: Unicode.Scalar, _ memory: inout Memory) -> [UInt8] {
        if let bytes = memory[scalar] { return bytes }
        let bytes = rewritten(scalar)
        memory[scalar] = bytes
        return bytes
    }

    private func rewritten(_ scalar: Unicode.Scalar) -> [UInt8] {
        if cleansText {
            if BertClasses.isDropped(scalar) { return [] }
            if scalar.properties.isWhitespace { return [0x20] }
        }
        var text = String(scalar)
        if stripsAccents {
            text = text.decomposedStringWithCanonicalMapping
            text.unicodeScalars.removeAll(where: BertClasses.isAccent)
        }
        if lowercases { text = text.unicodeScalars.map(\.properties.lowercaseMapping).joined() }
        let isApart = isolatesIdeographs && BertClasses.isIdeograph(scalar)
        return isApart ? [0x20] + Array(text.utf8) + [0x20] : Array(text.utf8)
    }
}
