import LanguageModels

/// A generation session that keeps what a prompt shares with the one before.
///
/// It is made on a worker's thread and used there only.
final class PrefixedSession {
    private let session: GenerationSession

    init(session: GenerationSession) { self.session = session }

    /// The answer to a prompt, greedily.
    func answer(to prompt: [UInt32], maximumTokens: Int, stops: Set<UInt32>) throws -> [UInt32] {
        try session.generate(prompt: rest(of: prompt), maximumTokens: maximumTokens, stop: stops)
    }

    /// The log-probability of each answer after a prompt.
    func logProbabilities(of answers: [[UInt32]], after prompt: [UInt32]) throws -> [Double] {
        _ = try session.extend(rest(of: prompt))
        return try session.logProbabilities(of: answers)
    }

    /// Cuts the session back to what it shares with a prompt and returns what is to be added; never nothing, since the
    /// logits after the last token are not kept.
    private func rest(of prompt: [UInt32]) -> [UInt32] {
        let shared = min(zip(session.tokens, prompt).prefix { $0 == $1 }.count, prompt.count - 1)
        session.truncate(to: shared)
        return Array(prompt[shared...])
    }
}
