import Foundation

/// Normalization Form C of UTF-8 text.
///
/// Compositions never cross the boundary of a grapheme cluster, and no character of ASCII composes with one before it: text is looked
/// at in the stretches between these, and few of those have anything to compose.
enum ComposedText {
    /// The text in its normal form; `nil` if it is already in it.
    static func of(_ text: UnsafeBufferPointer<UInt8>) -> NormalText? {
        guard text.contains(where: { $0 >= 0x80 }) else { return nil }
        var normal = NormalText()
        var isChanged = false
        var start = 0
        var offset = 0
        while offset < text.count {
            guard text[offset] >= 0x80 else {
                offset += 1
                continue
            }
            let first = max(start, offset - 1)
            var end = offset + 1
            while end < text.count, text[end] >= 0x80 { end += 1 }
            if let string = String(validating: text[first..<end], as: UTF8.self),
                composed(string) != nil
            {
                normal.append(text[start..<first], from: start)
                append(string, from: first, to: &normal)
                isChanged = true
                start = end
            }
            offset = end
        }
        guard isChanged else { return nil }
        normal.append(text[start...], from: start)
        return normal
    }

    private static func composed(_ string: String) -> String? {
        // Foundation leaves a precomposed syllable of Hangul followed by a final consonant as it is, unless
        // taken apart before.
        let hasFinal = string.unicodeScalars.contains { (0x11a8...0x11c2).contains($0.value) }
        let composed = (hasFinal ? string.decomposedStringWithCanonicalMapping : string)
            .precomposedStringWithCanonicalMapping
        return composed.utf8.elementsEqual(string.utf8) ? nil : composed
    }

    private static func append(_ string: String, from first: Int, to normal: inout NormalText) {
        var offset = first
        for cluster in string {
            for text in parts(of: String(cluster)) {
                let count = text.utf8.count
                if let composed = composed(text) {
                    normal.append(Array(composed.utf8), for: offset..<offset + count)
                } else {
                    normal.append(Array(text.utf8), from: offset)
                }
                offset += count
            }
        }
    }

    /// The most scalars of a cluster that is taken apart; enough for every script.
    private static let longestCluster = 32

    /// A cluster cut before those of its scalars that compose with nothing before them, so that ranges are no wider than need be.
    private static func parts(of cluster: String) -> [String] {
        let scalars = Array(cluster.unicodeScalars)
        guard (2...longestCluster).contains(scalars.count), let whole = composed(cluster) else { return [cluster] }
        func text(_ range: Range<Int>) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            return String(view)
        }
        func normal(_ text: String) -> String { composed(text) ?? text }
        var parts = [String]()
        var start = 0
        for place in 1..<scalars.count where scalars[place].properties.canonicalCombiningClass == .notReordered {
            let joined = parts.map(normal).joined() + normal(text(start..<place)) + normal(text(place..<scalars.count))
            guard joined.utf8.elementsEqual(whole.utf8) else { continue }
            parts.append(text(start..<place))
            start = place
        }
        return parts + [text(start..<scalars.count)]
    }
}
