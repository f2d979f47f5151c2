public import Elements
import Examples
import Inference

/// The prompts at whose ends a latent is intervened on, chosen from the windows in which it fires.
public struct InterventionPrompts: Sendable, Hashable, Codable {
    /// The latent.
    public let latent: Int
    /// Prompts from train windows: the explanation is made from them.
    public let explaining: [[UInt32]]
    /// Prompts from held-out windows: the strength is tuned and the explanation scored on them.
    public let scoring: [[UInt32]]
    /// `[scoring]`: 32 bits of the hash of each one's document, `nil` if it is not known; `nil` in plans of an older version.
    public let documents: [UInt32?]?
    /// The latent's mean activation at the ends of the prompts: the strength that is tried first.
    public let activation: Float

    /// Chooses prompts evenly from blocks of rank of a latent's windows.
    ///
    /// A window is cut after the first token at which the latent fires; the window's first token and `bos` do not count,
    /// and a prompt that is there already is left out. Throws `ScoringError` of kind `tooFewExamples` if there is no train
    /// window left, or fewer than two held-out ones.
    /// - Parameters:
    ///   - bos: The token that prompts begin with, put before those that do not; `nil` for none.
    public init(
        latent: Int, train: [Example], heldOut: [Example], settings: InterventionSettings, seed: UInt64, bos: UInt32?
    ) throws(ScoringError) {
        let explaining = Self.prompts(train, settings.explainingPrompts, without: [], latent, settings, seed, bos)
        let scoring = Self.prompts(
            heldOut, settings.scoringPrompts, without: Set(explaining.map(\.tokens)), latent, settings, seed, bos)
        guard !explaining.isEmpty, scoring.count > 1 else {
            throw ScoringError(
                .tooFewExamples,
                "latent \(latent) fires after the first token of \(explaining.count) train windows and \(scoring.count) "
                    + "held-out ones that differ; \(InterventionScorer.name) needs one and two")
        }
        self.latent = latent
        self.explaining = explaining.map(\.tokens)
        self.scoring = scoring.map(\.tokens)
        documents = scoring.map(\.document)
        let activations = (explaining + scoring).map(\.activation)
        activation = activations.reduce(0, +) / Float(activations.count)
    }

    private struct Prompt {
        let tokens: [UInt32]
        let activation: Float
        let document: UInt32?
    }

    private static func prompts(
        _ examples: [Example], _ count: Int, without known: Set<[UInt32]>, _ latent: Int,
        _ settings: InterventionSettings, _ seed: UInt64, _ bos: UInt32?
    ) -> [Prompt] {
        var known = known
        let usable = examples.filter { end(of: $0, bos: bos) != nil }
        let queues = RankBlocks(of: usable, count: settings.quantiles).ordered(latent: latent, seed: seed)
        let depth = queues.map(\.count).max() ?? 0
        // From all blocks in turn, so that a prompt left out is made up for.
        var prompts: [Prompt] = []
        for place in 0..<depth {
            for queue in queues where place < queue.count && prompts.count < max(count, 0) {
                let example = queue[place]
                guard let end = end(of: example, bos: bos) else { continue }
                var tokens = Array(example.window.tokens[...end])
                if let bos, tokens.first != bos { tokens.insert(bos, at: 0) }
                guard known.insert(tokens).inserted else { continue }
                prompts.append(
                    Prompt(tokens: tokens, activation: example.activations[end], document: example.document))
            }
        }
        return prompts
    }

    /// The first token at which the latent fires, the window's first and `bos` left out of account.
    private static func end(of example: Example, bos: UInt32?) -> Int? {
        let count = min(example.window.tokens.count, example.activations.count)
        return (0..<count).dropFirst().first { index in
            example.activations[index] > 0 && example.window.tokens[index] != bos
        }
    }
}
