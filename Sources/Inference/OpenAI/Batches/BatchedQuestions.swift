import Synchronization

/// Puts the questions of a model into batches, but for the first one of each kind.
///
/// That one is asked by itself: what a server refuses, and that a model thinks, is then learnt from one request, and not from a
/// batch after hours.
final class BatchedQuestions: Sendable {
    private let desk: BatchDesk
    private let first: [ChatQuestion.Kind: Permits]
    private let introduced = Mutex<Set<ChatQuestion.Kind>>([])

    init(_ desk: BatchDesk) {
        self.desk = desk
        first = Dictionary(uniqueKeysWithValues: ChatQuestion.Kind.allCases.map { ($0, Permits(1)) })
    }

    /// The answer to a question; `nil` if its request is to be made anew, since something was learnt of the server meanwhile.
    func answer(
        to id: QuestionID, _ kind: ChatQuestion.Kind, body: [UInt8], excerpt: Excerpt,
        isStale: () -> Bool, directly: () async throws(InferenceError) -> ChatResponse
    ) async throws(InferenceError) -> ChatResponse? {
        if let kept = try await desk.kept(id) { return try await read(kept, id, excerpt) }
        if try await !desk.isSent(id) {
            if let response = try await introduction(kind, isStale, directly) { return response }
            if isStale() { return nil }
        }
        return try await read(try await desk.answer(to: id, body: body), id, excerpt)
    }

    /// The answer to a question that is asked by itself, as the first one of its kind; `nil` if one has been.
    private func introduction(
        _ kind: ChatQuestion.Kind, _ isStale: () -> Bool, _ directly: () async throws(InferenceError) -> ChatResponse
    ) async throws(InferenceError) -> ChatResponse? {
        guard !isIntroduced(kind), let permits = first[kind] else { return nil }
        return try await permits.withPermit { () async throws(InferenceError) -> ChatResponse? in
            guard !isIntroduced(kind), !isStale() else { return nil }
            let response = try await directly()
            if !response.isLostInThought { introduced.withLock { _ = $0.insert(kind) } }
            return response
        }
    }

    private func isIntroduced(_ kind: ChatQuestion.Kind) -> Bool { introduced.withLock { $0.contains(kind) } }

    private func read(_ kept: KeptAnswer, _ id: QuestionID, _ excerpt: Excerpt) async throws(InferenceError)
        -> ChatResponse
    {
        let failure: InferenceError
        do {
            var response = try ChatResponse(kept.body, excerpt: excerpt)
            response.billing = kept.wasTaken ? .already : .batched
            return response
        } catch {
            failure = error
        }
        // It is asked again when the job is.
        try await desk.forget(id)
        throw failure
    }
}
