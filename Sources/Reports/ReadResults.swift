import Elements
import Store

/// Results as they are stored, in the order of coders and latents.
struct ReadResults: Sendable {
    private(set) var explanations: [Explanation] = []
    private(set) var scores: [Score] = []
    private(set) var choices: [Choice] = []

    /// The latents whose results are read by one piece of work: few enough that cores end at about the same time.
    private static let block = 4096

    /// The results of parts, which come in order.
    init(joining parts: [ReadResults]) {
        for part in parts {
            explanations += part.explanations
            scores += part.scores
            choices += part.choices
        }
    }

    private init(explanations: [Explanation] = [], scores: [Score] = [], choices: [Choice] = []) {
        (self.explanations, self.scores, self.choices) = (explanations, scores, choices)
    }

    /// Reading what a draw takes, all results of each latent that any node keeps, in pieces of work that block.
    ///
    /// A connection does one thing after the other, so that each piece has its own.
    static func pieces(drawnBy draw: ResultDraw, in directory: String) throws -> [@Sendable () throws -> ReadResults] {
        let reader = { @Sendable in try Store.joinedReader(directory: directory) }
        guard !draw.isWhole else {
            return [
                { ReadResults(explanations: try reader().explanations()) },
                { ReadResults(scores: try reader().scores()) },
                { ReadResults(choices: try reader().choices().map(\.choice)) },
            ]
        }
        let latents = try draw.latents(in: reader())
        return stride(from: 0, to: latents.count, by: block).map { start in
            let part = Array(latents[start..<min(start + block, latents.count)])
            return {
                let reader = try reader()
                return ReadResults(
                    explanations: try reader.explanations(about: part), scores: try reader.scores(about: part),
                    choices: try reader.choices(about: part).map(\.choice))
            }
        }
    }
}
