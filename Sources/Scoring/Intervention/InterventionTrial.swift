import Dataflow
import Elements
import Hashing
import Inference

/// Tries interventions on one latent on its prompts.
struct InterventionTrial: Sendable {
    let prompts: InterventionPrompts
    let settings: InterventionSettings
    let seed: UInt64
    let subject: any InterventionSubject
    let compute: ComputePool<Void>

    /// What is under way at a time; the subject takes its turns.
    static let concurrency = 32

    /// A strength and what it does on each scoring prompt.
    struct Tuned: Sendable, Hashable {
        let strength: Float
        /// `[scoring prompts]`: divergences in nats.
        let divergences: [Double]
    }

    private func intervention(_ change: CodeChange) -> Intervention {
        Intervention(latent: prompts.latent, change: change)
    }

    /// The logits after some prompts: `[prompts][vocabulary]`.
    func logits(after prompts: [[UInt32]], under change: CodeChange? = nil) async throws(ScoringError) -> [[Float]] {
        let intervention = change.map(intervention)
        return try await each(prompts) { [subject] prompt in
            do throws(InferenceError) {
                return .success(try await subject.logits(after: prompt, under: intervention))
            } catch {
                return .failure(error)
            }
        }
    }

    /// What a change does to the next token's distribution, given the clean logits.
    func shifts(
        after prompts: [[UInt32]], clean: [[Float]], under change: CodeChange, rising: Int = 0
    ) async throws(ScoringError) -> [NextTokenShift] {
        let changed = try await logits(after: prompts, under: change)
        let shifts = await Self.compared(clean, changed, rising: rising, compute)
        guard let shifts else {
            throw ScoringError(
                .unsupported, "latent \(self.prompts.latent): \(change) leaves the subject without a next token")
        }
        return shifts
    }

    /// Compares logits off the cooperative pool; `nil` if some cannot be compared.
    private static func compared(
        _ clean: [[Float]], _ changed: [[Float]], rising: Int, _ compute: ComputePool<Void>
    ) async -> [NextTokenShift]? {
        try? await compute.run { _ -> [NextTokenShift]? in
            let shifts = zip(clean, changed).map { NextTokenShift(clean: $0, changed: $1, rising: rising) }
            return shifts.contains(nil) ? nil : shifts.compactMap(\.self)
        }
    }

    /// The strength at which the mean divergence over the scoring prompts is the one wanted, within a tenth.
    ///
    /// Throws kind `targetNotReached` if there is none among those that are tried.
    func tuned() async throws(ScoringError) -> Tuned {
        let clean = try await logits(after: prompts.scoring)
        var search = StrengthSearch(target: settings.divergence, start: prompts.activation)
        var divergences: [Double] = []
        while true {
            switch search.next {
            case .evaluate(let strength):
                divergences = try await shifts(after: prompts.scoring, clean: clean, under: .add(strength))
                    .map(\.divergence)
                search.note(divergence: divergences.reduce(0, +) / Double(max(divergences.count, 1)))
            case .found(let strength, _): return Tuned(strength: strength, divergences: divergences)
            case .unreachable(let reason):
                throw ScoringError(
                    .targetNotReached,
                    "latent \(prompts.latent): no strength has a mean KL of \(settings.divergence) nats: \(reason)")
            }
        }
    }

    /// The tokens that a change makes likelier after the explaining prompts.
    func effects(under change: CodeChange) async throws(ScoringError) -> [OutputPrompt.Effect] {
        let clean = try await logits(after: prompts.explaining)
        let shifts = try await shifts(
            after: prompts.explaining, clean: clean, under: change, rising: settings.risingTokens)
        return zip(prompts.explaining, shifts).map { OutputPrompt.Effect(prompt: $0, rising: $1.rising) }
    }

    /// The scoring prompts with what the subject goes on with, drawn once for each; `nil` for no change.
    ///
    /// A prompt's draws are the same ones whatever is changed, so that what a change leaves alone stays the same text.
    func passages(under change: CodeChange?) async throws(ScoringError) -> [[UInt32]] {
        let intervention = change.map(intervention)
        let key = SipKey(seed: seed, purpose: 0x7465_7874)
        return try await each(prompts.scoring) { [subject, settings, latent = prompts.latent] prompt in
            var hasher = SipHasher(key: key, wide: false)
            hasher.update(Int64(latent))
            for token in prompt { hasher.update(token) }
            do throws(InferenceError) {
                return .success(
                    prompt
                        + (try await subject.completion(
                            of: prompt, under: intervention, tokens: settings.completionTokens,
                            seed: hasher.finalize64())))
            } catch {
                return .failure(error)
            }
        }
    }

    private func each<Output: Sendable>(
        _ prompts: [[UInt32]], _ work: @escaping @Sendable ([UInt32]) async -> Result<Output, InferenceError>
    ) async throws(ScoringError) -> [Output] {
        let results = await mapConcurrently(prompts, limit: Self.concurrency, work)
        do throws(InferenceError) {
            var outputs: [Output] = []
            for result in results { outputs.append(try result.get()) }
            return outputs
        } catch {
            throw ScoringError(asking: error)
        }
    }
}

extension ScoringError {
    /// What a failure of a model means for a score.
    init(asking error: InferenceError) {
        self.init(
            error.kind == .unsupported ? .unsupported : .judgeFailed, "\(error)", isRetriable: error.isMendable)
    }
}
