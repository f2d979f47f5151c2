import Dataflow
import Elements
import Lineage
import StateNotes
import Store

/// The current explanations of a state directory, or of all shares of one, and summaries of their scores.
struct SummarisedResults: Sendable {
    /// The current explanations.
    let explanations: [Explanation]
    /// The latents explained again, by explain node.
    let again: [AgainSummary]
    /// The meanings that nodes tell apart, by explain node.
    let meanings: [MeaningSummary]
    /// The encode nodes whose coder is random, by name.
    let randomCoders: Set<String>
    /// The scores by method and explainer.
    let summaries: [ScoreSummary]
    /// The nodes that can be compared.
    let compared: ComparedNodes
    /// The nodes of whose results some were left out, since there are too many to read.
    let drawn: [DrawnResults]

    /// Reads the state in `directory`, about `most` results of it if there are more; blocks.
    init(in reader: StoreReader, directory: String, most: Int) throws {
        let draw = ResultDraw(from: try reader.resultCounts(), most: most)
        let pieces = try ReadResults.pieces(drawnBy: draw, in: directory)
        try self.init(ReadResults(joining: concurrently(pieces)), drawnBy: draw, in: reader)
    }

    /// Summarises what a draw has taken.
    init(_ read: ReadResults, drawnBy draw: ResultDraw, in reader: StoreReader) throws {
        // What stands is told by all results of a latent, also of nodes of which it was not drawn.
        let standing = StandingResults(explanations: read.explanations, scores: read.scores, choices: read.choices)
        explanations = standing.explanations.filter { draw.takes($0.latent, of: $0.node) }
        again = AgainSummary.all(
            explanations: read.explanations.filter { draw.takes($0.latent, of: $0.node) },
            choices: read.choices.filter { draw.takes($0.latent, of: $0.node) })
        meanings = MeaningSummary.all(explanations: explanations, scores: standing.scores)
        randomCoders = try RandomCoders.note.read(in: reader) ?? []
        summaries = ScoreSummary.summaries(
            of: standing.scores.filter { draw.takes($0.latent, of: $0.node) }, randomCoders: randomCoders)
        drawn = draw.drawn.map { node, results in
            let ofExplanations = read.explanations.count { $0.node == node && draw.takes($0.latent, of: node) }
            let ofScores = read.scores.count { $0.node == node && draw.takes($0.latent, of: node) }
            return DrawnResults(node: node, results: results, read: ofExplanations + ofScores)
        }
        compared = ComparedNodes(
            summaries: summaries, explanations: explanations, settings: try NodeSettings.all(in: reader))
    }
}
