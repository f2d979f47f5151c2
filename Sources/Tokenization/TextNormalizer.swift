import Foundation

/// How text between added tokens is rewritten before it is cut into words.
enum TextNormalizer: Sendable, Hashable {
    /// When a space is put before a text.
    enum Prefix: Sendable, Hashable {
        /// Before every text between added tokens.
        case always
        /// The same, but not where the text starts with a space.
        case unlessThere
        /// Before a text at the start of the input that does not start with a space.
        case firstUnlessThere
    }

    /// It is not.
    case none
    /// To Normalization Form C.
    case composed
    /// With a space before it; a byte-level `Prepend` or `Metaspace`, in which a space stands for `▁`.
    case prefixed(Prefix)
    /// As BERT does.
    case bert(BertNormalizer)

    /// The rewritten text; `nil` where it stays as it is.
    func normal(_ text: UnsafeBufferPointer<UInt8>, isFirst: Bool, _ memory: inout BertNormalizer.Memory) -> NormalText?
    {
        switch self {
        case .none: nil
        case .composed: ComposedText.of(text)
        case .prefixed(let prefix): Self.prefixed(text, prefix, isFirst: isFirst)
        case .bert(let normalizer): normalizer.normal(text, &memory)
        }
    }

    private static func prefixed(_ text: UnsafeBufferPointer<UInt8>, _ prefix: Prefix, isFirst: Bool) -> NormalText? {
        guard !text.isEmpty else { return nil }
        if prefix != .always, text[0] == 0x20 || text.starts(with: SentencePieces.spaceMark) { return nil }
        if prefix == .firstUnlessThere, !isFirst { return nil }
        var normal = NormalText()
        normal.append(CollectionOfOne(0x20), for: 0..<0)
        normal.append(text, from: 0)
        return normal
    }
}
