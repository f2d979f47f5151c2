public import Inference

/// Reads an explanation out of a model's answer.
public enum ExplanationAnswer {
    /// The explanation in an answer.
    ///
    /// - Parameter start: What the answer was begun with, as `Prompt.answerPrefix`; `nil` if the model began it.
    /// - Throws: `ExplainingError` of kind `noAnswer` with the answer's own words, if it ends within a thought, was cut off, has no
    ///   line after an answer tag, or repeats the form that was asked for.
    public static func read(_ completion: Completion, after start: String? = nil) throws(ExplainingError) -> String {
        let said: String
        do throws(InferenceError) {
            // A line that was begun for the model, and that the model ended, is whole although more came after it.
            said =
                if let start, completion.isCutOff { start + (try completion.spoken().upToLastLine) } else {
                    (start ?? "") + (try completion.whole())
                }
        } catch {
            throw ExplainingError(.noAnswer, error.message)
        }
        guard let sentence = parse(said) else {
            throw ExplainingError(
                .noAnswer, "no sentence after \(ExplanationPrompt.answerTag) in the answer: \(completion.start)")
        }
        guard !isForm(sentence) else {
            throw ExplainingError(.noAnswer, "the answer repeats the form it was asked for: \(completion.start)")
        }
        return sentence
    }

    /// The first line with text after the last answer tag, in the form of an explanation; `nil` if there is none.
    ///
    /// The tag may be in any case and in bold. If it only ever stands at the very end, nothing is after it and the answer counts as
    /// missing.
    public static func parse(_ answer: String) -> String? {
        let tag = Array(ExplanationPrompt.answerTag.utf8.dropLast())
        let bytes = Array(answer.utf8)
        guard bytes.count > tag.count else { return nil }
        for place in (0..<(bytes.count - tag.count)).reversed() {
            guard zip(bytes[place...], tag).allSatisfy({ uppercased($0) == uppercased($1) }) else { continue }
            let rest = String(decoding: bytes[(place + tag.count)...], as: UTF8.self)
            if let text = afterColon(rest[...]) { return sentence(in: text) }
        }
        return nil
    }

    private static func uppercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & 0xDF : byte
    }

    /// What follows a tag's colon, which may stand inside or outside of what makes the tag bold.
    private static func afterColon(_ rest: Substring) -> Substring? {
        let unmarked = rest.drop { isEmphasis($0) || $0 == "_" }
        guard let colon = unmarked.first, colon == ":" || colon == "：" else { return nil }
        var text = unmarked.dropFirst()
        // The end of bold type that began before the tag.
        if unmarked.startIndex == rest.startIndex, text.first.map(isEmphasis) == true {
            let marks = text.prefix { isEmphasis($0) }
            let line = text.dropFirst(marks.count).prefix { !$0.isNewline }
            if !line.hasSuffix(marks) { text = text.dropFirst(marks.count) }
        }
        return text
    }

    private static func sentence(in text: Substring) -> String? {
        for line in text.split(whereSeparator: \.isNewline) {
            let cleaned = unemphasised(ExplanationText.clean(String(line)))
            if !cleaned.isEmpty { return cleaned }
        }
        return nil
    }

    /// A line without the marks that make all of it bold.
    private static func unemphasised(_ line: String) -> String {
        var line = line[...]
        while line.count > 2, let mark = line.first, isEmphasis(mark), line.last == mark {
            line = line.dropFirst().dropLast()
        }
        // Bold type that began before the tag.
        if line.hasSuffix("**"), line.ranges(of: "**").count % 2 == 1 { line = line.dropLast(2) }
        return line.contains { !isEmphasis($0) && !$0.isWhitespace } ? String(line) : ""
    }

    private static func isEmphasis(_ character: Character) -> Bool { character == "*" }

    /// Whether a sentence is what the form has in the place of one.
    private static func isForm(_ sentence: String) -> Bool {
        let letters = sentence.lowercased().filter { $0.isLetter || $0 == " " }
        let words = letters.split(separator: " ").joined(separator: " ")
        return forms.contains(words)
    }

    private static let forms: Set<String> = [
        "", "your sentence", "your sentence here", "your short sentence", "one sentence", "one short sentence",
        "sentence",
        "your explanation", "your explanation here", "explanation", "your phrase", "your phrase here", "one phrase",
        "your answer", "your answer here", "insert your sentence here",
    ]
}

extension String {
    /// The lines that are ended by a line break.
    fileprivate var upToLastLine: String {
        guard let end = lastIndex(where: \.isNewline) else { return "" }
        return String(self[...end])
    }
}
