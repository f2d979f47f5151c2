package import Dataflow
package import Elements
package import Explaining
import Inference
package import Scoring

/// Turns latents up inside the subject at the ends of ordinary texts, and reads how what it says changes.
package struct OutputReading: Sendable {
    /// The most bytes of logits of texts without an addition, which are kept for further latents.
    package static let mostCleanBytes = 64 << 20
    /// The most bytes of changed logits that one latent's reading holds at a time, unless those of one text are more.
    package static let mostChangedBytes = 8 << 20

    package let settings: OutputSettings
    package let subject: any InterventionSubject
    /// The token that texts begin with; `nil` for none.
    package let bos: UInt32?
    private let vocabulary: Int
    private let tokenDecoder: any TokenDecoder
    private let compute: ComputePool<Void>
    private let clean: CleanOutputs

    /// Brings together what latents are read with.
    ///
    /// - Parameters:
    ///   - vocabulary: The number of logits that the subject gives.
    ///   - compute: Where logits are compared.
    package init(
        settings: OutputSettings, subject: any InterventionSubject, bos: UInt32?, vocabulary: Int,
        tokenDecoder: any TokenDecoder, compute: ComputePool<Void>
    ) {
        self.settings = settings
        self.subject = subject
        self.bos = bos
        self.vocabulary = vocabulary
        self.tokenDecoder = tokenDecoder
        self.compute = compute
        clean = CleanOutputs(mostBytes: Self.mostCleanBytes)
    }

    /// What adding to a plan's latent does.
    ///
    /// - Throws: `ExplainingError` of kind `modelChanged` if the subject is not the one planned for, `inference` if it cannot be
    ///   run or leaves nothing to compare.
    package func effects(of plan: OutputPlan) async throws(ExplainingError) -> OutputEffects {
        guard subject.digest == plan.subject else {
            throw ExplainingError(
                .modelChanged,
                "planned for a subject and coder of digest \(plan.subject), but those at hand have \(subject.digest)")
        }
        let intervention = Intervention(latent: plan.latent, change: .add(plan.addend))
        let texts = plan.texts.map(\.tokens)
        let shift = try await shift(after: texts, under: intervention)
        let continuations = try await continuations(of: plan, under: intervention)
        let (settings, tokenDecoder) = (plan.settings, tokenDecoder)
        return try await computed {
            OutputEffects(
                divergence: shift.divergence, rising: shift.rising.lazy.map(OutputEffects.Change.init),
                falling: shift.falling.lazy.map(OutputEffects.Change.init), most: settings.changedTokens,
                continuations: continuations, tokenDecoder: tokenDecoder)
        }
    }

    /// The texts of which logits are held at a time.
    private var atOnce: Int {
        max(Self.mostChangedBytes / max(2 * MemoryLayout<Float>.stride * vocabulary, 1), 1)
    }

    /// What an intervention does to the next token on average, the texts taken in their order.
    private func shift(
        after texts: [[UInt32]], under intervention: Intervention
    ) async throws(ExplainingError) -> MeanTokenShift {
        var shift = MeanTokenShift(vocabulary: vocabulary)
        for part in texts.chunks(of: atOnce) {
            let pairs = try await each(part) { (text) throws(InferenceError) in
                var before = clean[text].logits
                if before == nil {
                    before = try await subject.logits(after: text, under: nil)
                    clean.note(text) { $0.logits = before }
                }
                return (before ?? [], try await subject.logits(after: text, under: intervention))
            }
            let (next, isWhole) = try await computed { [shift] in
                var next = shift
                let isWhole = pairs.allSatisfy { next.add(clean: $0.0, changed: $0.1) }
                return (next, isWhole)
            }
            guard isWhole else {
                throw ExplainingError(
                    .inference,
                    "latent \(intervention.latent): \(intervention.change) leaves the subject without a next token")
            }
            shift = next
        }
        return shift
    }

    private func continuations(
        of plan: OutputPlan, under intervention: Intervention
    ) async throws(ExplainingError) -> [OutputEffects.Continuation] {
        let count = plan.settings.continuationTokens
        return try await each(plan.texts.prefix(plan.settings.continuations).map(\.tokens)) {
            (text) throws(InferenceError) in
            var before = clean[text].continuation
            if before == nil {
                before = try await subject.completion(of: text, under: nil, tokens: count, seed: nil)
                clean.note(text) { $0.continuation = before }
            }
            let after = try await subject.completion(of: text, under: intervention, tokens: count, seed: nil)
            return OutputEffects.Continuation(text: text, clean: before ?? [], changed: after)
        }
    }

    /// Work on texts side by side; the subject takes its turns.
    private func each<Output: Sendable>(
        _ texts: [[UInt32]], _ work: @escaping @Sendable ([UInt32]) async throws(InferenceError) -> Output
    ) async throws(ExplainingError) -> [Output] {
        let results = await mapConcurrently(texts, limit: atOnce) { text async -> Result<Output, InferenceError> in
            do throws(InferenceError) {
                return .success(try await work(text))
            } catch {
                return .failure(error)
            }
        }
        do throws(InferenceError) {
            var outputs: [Output] = []
            for result in results { outputs.append(try result.get()) }
            return outputs
        } catch {
            throw ExplainingError(.inference, error.description, isRetriable: error.isMendable)
        }
    }

    /// Work on vectors of the size of a vocabulary, off the cooperative pool.
    private func computed<Output: Sendable>(
        _ work: @escaping @Sendable () -> Output
    ) async throws(ExplainingError) -> Output {
        do {
            return try await compute.run { _ in work() }
        } catch {
            throw ExplainingError(.inference, "\(error)", isRetriable: true)
        }
    }
}

extension OutputEffects.Change {
    fileprivate init(_ change: MeanTokenShift.Change) { self.init(token: change.token, nats: change.nats) }
}
