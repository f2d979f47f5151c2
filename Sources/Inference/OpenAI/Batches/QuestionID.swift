package import Hashing

/// The name of a question in batches: a hash of what decides its answer, so that a question that is asked again has the same.
///
/// What a server was found to take, such as the name of a field, is not in it: that is learnt anew by each process.
package struct QuestionID: Sendable, Hashable, CustomStringConvertible {
    /// The hash.
    package let hash: Hash128

    /// Makes a name of a hash.
    package init(_ hash: Hash128) { self.hash = hash }

    /// Makes the name of a question to a model.
    /// - Parameters:
    ///   - model: The digest of the model and its settings.
    ///   - thinkingTokens: The tokens that the answer may have besides its own: one that was lost in thoughts is asked for again.
    init(
        _ prompt: Prompt, maximumTokens: Int, wantsLikeliest: Bool, sampling: AnswerSampling?, thinkingTokens: Int,
        model: Hash128
    ) {
        var hasher = SipHasher(key: SipKey(k0: 0, k1: 1), wide: true)
        hasher.update(text: "question-1")
        hasher.update(model.high)
        hasher.update(model.low)
        for message in prompt.messages {
            hasher.update(text: message.role.rawValue)
            hasher.update(text: message.content)
        }
        hasher.update(text: prompt.answerPrefix ?? "")
        hasher.update(UInt64(bitPattern: Int64(maximumTokens)))
        hasher.update(UInt64(bitPattern: Int64(thinkingTokens)))
        hasher.update(wantsLikeliest ? 1 : 0 as UInt64)
        if let sampling {
            hasher.update(sampling.temperature.bitPattern)
            hasher.update(sampling.seed)
        }
        hash = hasher.finalize128()
    }

    /// Reads what `description` gives; `nil` for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let hash = Hash128(String(text.dropFirst(Self.prefix.count))) else {
            return nil
        }
        self.hash = hash
    }

    private static let prefix = "gloss-"

    /// The `custom_id` of the question's line.
    package var description: String { Self.prefix + hash.description }
}
