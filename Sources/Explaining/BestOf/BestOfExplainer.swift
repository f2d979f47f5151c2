public import Elements
import Hashing
public import Inference

/// How well a candidate tells the fold's windows apart.
public struct CandidateRating: Sendable, Hashable {
    /// Balanced accuracy; `nil` if the judge's answers could not be read.
    public let value: Double?
    /// Tokens sent to the judge.
    public let tokensIn: Int
    /// Tokens the judge answered with.
    public let tokensOut: Int

    /// Makes a rating.
    public init(value: Double?, tokensIn: Int = 0, tokensOut: Int = 0) {
        self.value = value
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
    }
}

/// Asks for several explanations and keeps the one that tells train windows nobody was shown best, shorter ones first.
public enum BestOfExplainer {
    /// The name in provenance and topology.
    public static let name = "best-of"

    /// Rates an explanation on windows in which its latent fires and on others.
    ///
    /// Throws `ExplainingError` if the judge gave no answer and may later.
    public typealias Rating =
        @Sendable (Explanation, _ firing: [Example], _ silent: [PoolWindow]) async throws(ExplainingError) ->
        CandidateRating

    /// Carries out a plan; candidates of the same text are rated once, and a lone one not at all.
    ///
    /// Never throws: a failure is an outcome. It fails if no candidate came about, or none could be rated.
    public static func run(
        _ plan: BestOfPlan, judge: any LanguageModelClient, tokenDecoder: any TokenDecoder, rate: Rating
    ) async
        -> ExplanationOutcome
    {
        var tokensIn = 0
        var tokensOut = 0
        var copies = 0
        var candidates: [Explanation] = []
        var failure = ExplainingError(.noAnswer, "no candidate was planned")
        for candidate in plan.candidates {
            let outcome = await DefaultExplainer.run(candidate, judge: judge, tokenDecoder: tokenDecoder)
            tokensIn += outcome.tokensIn
            tokensOut += outcome.tokensOut
            copies += outcome.copies
            switch outcome.result {
            case .success(let explanation):
                if !candidates.contains(where: { $0.text == explanation.text }) { candidates.append(explanation) }
            case .failure(let error):
                failure = error
                // What may work later is tried again as a whole, so that the outcome does not hang on luck.
                if error.isRetriable { candidates.removeAll() }
            }
            if failure.isRetriable { break }
        }
        func outcome(_ result: Result<Explanation, ExplainingError>) -> ExplanationOutcome {
            ExplanationOutcome(result: result, tokensIn: tokensIn, tokensOut: tokensOut, copies: copies)
        }
        guard let first = candidates.first else { return outcome(.failure(failure)) }
        guard candidates.count > 1 else { return outcome(.success(chosen(first, by: plan))) }
        let firing = plan.firing.map { example in
            Example(window: window(of: example), activations: example.strengths.map(Float.init))
        }
        let silent = plan.silent.map {
            PoolWindow(window: window(of: $0), latents: [], isTrain: true, isTest: false)
        }
        var best: (value: Double, explanation: Explanation)?
        do throws(ExplainingError) {
            for candidate in candidates {
                let rating = try await rate(candidate, firing, silent)
                tokensIn += rating.tokensIn
                tokensOut += rating.tokensOut
                guard let value = rating.value else { continue }
                let words = candidate.text.split(separator: " ").count
                let charged = value - plan.settings.wordCost * Double(words)
                if charged > best?.value ?? -.infinity { best = (charged, candidate) }
            }
        } catch {
            return outcome(.failure(error))
        }
        guard let best else {
            return outcome(
                .failure(ExplainingError(.noAnswer, "none of \(candidates.count) candidates could be rated")))
        }
        return outcome(.success(chosen(best.explanation, by: plan)))
    }

    private static func window(of example: PlannedExample) -> Window {
        Window(tokens: example.tokens, identity: example.identity, priority: example.identity.low)
    }

    /// The candidate as the job's explanation; what it was chosen by counts as shown too.
    private static func chosen(_ candidate: Explanation, by plan: BestOfPlan) -> Explanation {
        let own = candidate.provenance
        var shown = own.shown
        for window in plan.candidates.flatMap(\.examples) + plan.firing + plan.silent
        where !shown.contains(window.identity) { shown.append(window.identity) }
        return Explanation(
            job: plan.job, node: candidate.node, coder: candidate.coder, latent: candidate.latent,
            text: candidate.text, predicate: nil,
            provenance: Provenance(
                explainer: name, sampling: own.sampling, promptVersion: own.promptVersion, model: own.model,
                seed: own.seed, evidenceDigest: own.evidenceDigest, epoch: own.epoch, shown: shown))
    }
}
