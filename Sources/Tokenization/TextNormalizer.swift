/// How text between added tokens is rewritten before it is cut into words.
enum TextNormalizer: Sendable, Hashable {
    /// When a space is put before a text.
    enum Prefix: Sendable, Hashable {
        /// Before every text between added tokens.
        case always
        /// The same, but not if the text starts with a space.
        case unlessThere
        /// Before a text at the start of the input that does not start with a space.
        case firstUnlessThere
    }

    /// It is not.
    case none
    /// To Normalization Form C.
    case composed
    /// With a space for each `▁`, which mean the same to SentencePiece, and maybe one before it.
    case pieces(Prefix?)
    /// As BERT does.
    case bert(BertNormalizer)

    /// The rewritten text; `nil` if it stays as it is.
    func normal(_ text: UnsafeBufferPointer<UInt8>, isFirst: Bool, _ memory: inout BertNormalizer.Memory) -> NormalText?
    {
        switch self {
        case .none: nil
        case .composed: ComposedText.of(text)
        case .pieces(let prefix): Self.pieces(text, prefix, isFirst: isFirst)
        case .bert(let normalizer): normalizer.normal(text, &memory)
        }
    }

    private static func pieces(_ text: UnsafeBufferPointer<UInt8>, _ prefix: Prefix?, isFirst: Bool) -> NormalText? {
        var mark = SentencePieces.nextSpaceMark(in: text, from: 0)
        let startsWithSpace = text.first == 0x20 || mark == 0
        let isPrefixed: Bool =
            switch prefix {
            case nil: false
            case .always: !text.isEmpty
            case .unlessThere: !text.isEmpty && !startsWithSpace
            case .firstUnlessThere: !text.isEmpty && !startsWithSpace && isFirst
            }
        guard isPrefixed || mark != nil else { return nil }
        var normal = NormalText()
        if isPrefixed { normal.append(CollectionOfOne(0x20), for: 0..<0) }
        var start = 0
        while let place = mark {
            normal.append(text[start..<place], from: start)
            start = place + SentencePieces.spaceMark.count
            normal.append(CollectionOfOne(0x20), for: place..<start)
            mark = SentencePieces.nextSpaceMark(in: text, from: start)
        }
        normal.append(text[start...], from: start)
        return normal
    }
}
