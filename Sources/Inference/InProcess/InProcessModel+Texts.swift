import Foundation

extension InProcessModel {
    /// Always: the weights are here.
    public var readsTexts: Bool { true }

    /// The log-probability of a text, the sum over every token of it; what comes before is computed once for many texts.
    public func logProbability(of text: String, after prefix: String) async throws(InferenceError)
        -> TextLogProbability
    {
        guard let found = try await logProbabilities(of: [text], after: prefix).first else {
            throw InferenceError(.badAnswer, "\(name) answered another question")
        }
        return found
    }

    /// The log-probabilities of texts, each the sum over every token of it; what comes before is computed once, and counted with
    /// the first.
    public func logProbabilities(
        of texts: [String], after prefix: String
    ) async throws(InferenceError) -> [TextLogProbability] {
        let next = texts.map { chat.tokens(of: $0, after: prefix) }
        let tokens = try checked(chat.start + chat.encode(prefix), room: next.map(\.count).max() ?? 0)
        let values = try await model.logProbabilities(of: next, after: tokens)
        return zip(next, values).enumerated().map { place, pair in
            TextLogProbability(
                value: pair.1.reduce(0, +), tokens: pair.0.count,
                tokensIn: pair.0.count + (place == 0 ? tokens.count : 0))
        }
    }

    /// The log-probabilities of alternatives at all places of a text, which is computed once.
    ///
    /// An alternative of several tokens has the probability of all of them; one whose tokens begin a longer one's has the
    /// probability of not being that one.
    public func logProbabilities(of alternatives: [String], in text: PlacedText) async throws(InferenceError)
        -> PlacedLogProbabilities
    {
        guard let first = text.pieces.first else { return PlacedLogProbabilities(values: [], tokensIn: 0) }
        let encoded = alternatives.map { chat.tokens(of: $0, after: first) }
        guard encoded.allSatisfy({ !$0.isEmpty }) else {
            throw InferenceError(.unsupported, "an answer to be judged is empty")
        }
        var tokens = chat.start + chat.encode(text.prefix)
        var places: [Int] = []
        var previous = text.prefix
        for piece in text.pieces {
            tokens += chat.tokens(of: piece, after: previous)
            places.append(tokens.count - 1)
            previous = piece
        }
        guard !places.contains(-1) else {
            throw InferenceError(.unsupported, "there are no tokens before the first place")
        }
        let prompt = try checked(tokens, room: (encoded.map(\.count).max() ?? 1) - 1)
        let singles = encoded.filter { $0.count == 1 }.compactMap(\.first)
        let likely = try await model.logProbabilities(ofNext: singles, after: places, in: prompt)
        let longs = encoded.filter { $0.count > 1 }
        let answers = longs.isEmpty ? [] : try await logProbabilities(of: longs, after: places, in: prompt)
        let values = places.indices.map { place in
            var (short, long) = (likely[place][...], longs.isEmpty ? [] : answers[place][...])
            let logarithms = encoded.map { ($0.count == 1 ? short.popFirst() : long.popFirst()) ?? -.infinity }
            return encoded.indices.map { index -> Double? in
                let longer = encoded.indices.filter {
                    encoded[$0].count > encoded[index].count && encoded[$0].starts(with: encoded[index])
                }
                guard !longer.isEmpty else { return logarithms[index] }
                return log(max(longer.reduce(exp(logarithms[index])) { $0 - exp(logarithms[$1]) }, 0))
            }
        }
        return PlacedLogProbabilities(values: values, tokensIn: prompt.count)
    }

    /// `[places, answers]`: for answers of several tokens; the prompt is kept, so that only they are computed.
    private func logProbabilities(
        of answers: [[UInt32]], after places: [Int], in prompt: [UInt32]
    ) async throws(InferenceError) -> [[Double]] {
        let results = await mapConcurrently(places, limit: 16) { place -> Result<[[Double]], InferenceError> in
            do throws(InferenceError) {
                return .success(try await model.logProbabilities(of: answers, after: Array(prompt[...place])))
            } catch {
                return .failure(error)
            }
        }
        var values: [[Double]] = []
        for result in results { values.append(try result.get().map { $0.reduce(0, +) }) }
        return values
    }
}

extension ChatRenderer {
    /// The token ids of a text that goes on after another one.
    ///
    /// Some tokenizers put a space before whatever they are given: the text is encoded with the last character before it,
    /// whose tokens are then taken off.
    func tokens(of text: String, after before: String) -> [UInt32] {
        let last = String(before.suffix(1))
        let head = encode(last)
        let both = encode(last + text)
        return both.starts(with: head) ? Array(both.dropFirst(head.count)) : encode(text)
    }
}
