/// What a model says once it has thought.
public enum FinalAnswer {
    /// An answer without the thoughts that stand in it; `nil` if a thought is not ended, so that there is no answer yet.
    ///
    /// Thoughts stand between tags such as `<think>` and `</think>`, of which chat templates leave out the first; or in a channel
    /// of their own, where the channel `final` holds the answer (OpenAI, "Harmony response format").
    public static func text(of answer: String) -> String? {
        let channel = "<|channel|>"
        if answer.contains(channel) {
            guard let start = answer.ranges(of: channel + "final<|message|>").last?.upperBound else { return nil }
            let rest = answer[start...]
            return String(rest[..<(rest.firstRange(of: "<|")?.lowerBound ?? rest.endIndex)])
        }
        var said = ""
        var depth = 0
        var rest = answer[...]
        while let tag = firstTag(in: rest) {
            if depth == 0 { said += rest[..<tag.range.lowerBound] }
            rest = rest[tag.range.upperBound...]
            if !tag.isEnd {
                depth += 1
            } else if depth > 0 {
                depth -= 1
            } else {
                said = ""
            }
        }
        guard depth == 0 else { return nil }
        return said + rest
    }

    private static let names = ["think", "thinking", "thought", "reasoning"]
    /// All tags, in lower case.
    private static let tags: [(text: [UInt8], isEnd: Bool)] =
        names.flatMap { name in
            [("<\(name)>", false), ("</\(name)>", true), ("[\(name)]", false), ("[/\(name)]", true)]
        }.map { (Array($0.0.utf8), $0.1) }

    private static func firstTag(in text: Substring) -> (range: Range<String.Index>, isEnd: Bool)? {
        let bytes = text.utf8
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "<") || bytes[index] == UInt8(ascii: "[") {
                let rest = bytes[index...]
                for tag in tags where rest.count >= tag.text.count {
                    let end = bytes.index(index, offsetBy: tag.text.count)
                    guard zip(bytes[index..<end], tag.text).allSatisfy({ lowercased($0) == $1 }) else { continue }
                    return (index..<end, tag.isEnd)
                }
            }
            bytes.formIndex(after: &index)
        }
        return nil
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension Completion {
    /// The answer without thoughts.
    ///
    /// Throws kind `badAnswer` if it was cut off, or never came to an end of its thoughts. What the answer cost is not in the error.
    public func whole() throws(InferenceError) -> String {
        guard !isCutOff else {
            throw InferenceError(.badAnswer, "the answer was cut off at its limit of tokens: \(start)")
        }
        return try spoken()
    }

    /// The answer without thoughts, as far as it goes; throws kind `badAnswer` if a thought is not ended.
    public func spoken() throws(InferenceError) -> String {
        guard let said = FinalAnswer.text(of: text) else {
            throw InferenceError(.badAnswer, "the answer ends within a thought: \(start)")
        }
        return said
    }

    /// The same answer, after another one to the same call that has cost tokens.
    package func after(_ lost: Completion) -> Completion {
        Completion(
            text: text, tokensIn: tokensIn + lost.tokensIn, tokensOut: tokensOut + lost.tokensOut,
            tokensCached: tokensCached, isCutOff: isCutOff, billing: billing)
    }

    /// The first 120 characters of the answer, fit to stand in a message.
    public var start: String {
        let shown = String(Excerpt(key: nil).text(text).prefix(120))
        return shown.allSatisfy(\.isWhitespace) ? "it is empty" : shown
    }
}
