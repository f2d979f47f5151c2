/// Reads an explanation out of a model's answer.
public enum ExplanationAnswer {
    /// The first line with text after the last answer tag, in the form of an explanation; `nil` if there is none.
    ///
    /// If the tag only ever stands at the very end, nothing is after it and the answer counts as missing.
    public static func parse(_ answer: String) -> String? {
        let tag = Array(ExplanationPrompt.answerTag.utf8)
        let bytes = Array(answer.utf8)
        guard bytes.count >= tag.count else { return nil }
        guard
            let start = (0...(bytes.count - tag.count)).last(where: { bytes[$0..<($0 + tag.count)].elementsEqual(tag) })
        else { return nil }
        let rest = String(decoding: bytes[(start + tag.count)...], as: UTF8.self)
        for line in rest.split(whereSeparator: \.isNewline) {
            let cleaned = ExplanationText.clean(String(line))
            if !cleaned.isEmpty { return cleaned }
        }
        return nil
    }
}
