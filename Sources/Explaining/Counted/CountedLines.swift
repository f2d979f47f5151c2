import Elements
import Examples
import Inference

/// A latent's counted evidence, and the lines of it that a prompt has room for.
struct CountedLines {
    let evidence: CountedEvidence
    private let latent: LatentEvidence
    private let contrasts: [PlannedExample]
    private let maximum: Float
    private let settings: DefaultExplainerSettings
    private let seed: UInt64
    private let hidden: UInt32?
    private let tokenDecoder: any TokenDecoder

    init(
        of latent: LatentEvidence, contrasts: [PlannedExample], maximum: Float, settings: DefaultExplainerSettings,
        seed: UInt64, hiding hidden: UInt32?, tokenDecoder: any TokenDecoder
    ) {
        self.latent = latent
        self.contrasts = contrasts
        self.maximum = maximum
        self.settings = settings
        self.seed = seed
        self.hidden = hidden
        self.tokenDecoder = tokenDecoder
        evidence = CountedEvidence(
            of: latent.train, maximum: maximum, hiding: hidden, tokenDecoder: tokenDecoder)
    }

    /// The lines of the largest number of examples, as the sampling chooses that many, whose prompt takes no more tokens
    /// than the settings allow; at least one.
    func fitting() -> [PlannedExample] {
        let shared = CountedPrompt.estimatedTokens(of: CountedPrompt.shared(for: settings, without: []))
        var count = max(1, settings.examples)
        while true {
            let lines = lines(of: count)
            let question = CountedPrompt.question(
                of: evidence, examples: lines, contrasts: contrasts, settings: settings, tokenDecoder: tokenDecoder)
            if count == 1 || shared + CountedPrompt.estimatedTokens(of: [.user(question)]) <= settings.promptTokens {
                return lines
            }
            count -= 1
        }
    }

    /// The lines of some examples, each once.
    private func lines(of count: Int) -> [PlannedExample] {
        var seen: Set<ShownWindow> = []
        return settings.sampling.choose(count, from: latent, seed: seed).compactMap { ranked in
            let line = cut(PlannedExample(ranked, maximum: maximum))
            let shown = ShownWindow(tokens: line.tokens, levels: line.marked.map { $0 ? 1 : 0 })
            return seen.insert(shown).inserted ? line : nil
        }
    }

    private func cut(_ example: PlannedExample) -> PlannedExample {
        let range = PassageClip.range(strengths: example.strengths, marked: example.marked)
        let places = range.filter { example.tokens[$0] != hidden }
        return PlannedExample(
            identity: example.identity, tokens: places.map { example.tokens[$0] },
            marked: places.map { example.marked[$0] }, strengths: places.map { example.strengths[$0] },
            block: example.block)
    }
}
