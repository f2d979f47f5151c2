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

    /// Reads the state that `reader` is open on; blocks.
    init(in reader: StoreReader, directory: String) throws {
        // A connection reads one table after the other, so scores have one of their own.
        let (all, scores) = try together(
            { try reader.explanations() }, { try Store.joinedReader(directory: directory).scores() })
        let choices = try reader.choices().map(\.choice)
        let standing = StandingResults(explanations: all, scores: scores, choices: choices)
        explanations = standing.explanations
        again = AgainSummary.all(explanations: all, choices: choices)
        meanings = MeaningSummary.all(explanations: standing.explanations, scores: standing.scores)
        randomCoders = try RandomCoders.note.read(in: reader) ?? []
        summaries = ScoreSummary.summaries(of: standing.scores, randomCoders: randomCoders)
        compared = ComparedNodes(
            summaries: summaries, explanations: explanations, settings: try NodeSettings.all(in: reader))
    }
}
