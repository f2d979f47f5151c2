import Elements
import Evidence
import Examples
import Running
import StateNotes
import Store

extension Graph {
    /// A passage for each of some latents, in which what they fire on stands in `<<` and `>>`: the train window of their
    /// largest activation, on one line.
    ///
    /// Opens tokenizers and reads stored evidence, so it blocks. Evidence of more than `limit` bytes is passed over.
    ///
    /// - Parameter latents: By the name of the node that gives their codes.
    /// - Returns: Likewise; what has no evidence is left out.
    package func passages(
        of latents: [String: Set<Int>], in directory: String, limit: Int
    ) throws -> [String: [Int: String]] {
        let reader = try Store.joinedReader(directory: directory)
        let notes = try EvidenceNote.all(in: reader)
        var passages: [String: [Int: String]] = [:]
        for note in notes {
            guard let coder = note.coder, let chosen = latents[coder], !chosen.isEmpty,
                let reservoir = all((any Samples).self).first(where: { $0.id == note.node }),
                try reader.segmentBytes(of: note.node) <= limit
            else { continue }
            var strongest = StrongestExamples(
                of: chosen, settings: try reservoir.plan(in: self).settings, latents: note.latents)
            try reader.forEachSegment(of: note.node) { try strongest.read(segment: $0.bytes) }
            let tokenizer = try weights.tokenizer(subject(above: reservoir.node))
            for latent in chosen {
                guard let example = strongest.example(of: latent) else { continue }
                passages[coder, default: [:]][latent] = SubjectText.line(
                    of: example.window.tokens, marked: MarkedTokens.marks(of: example), tokenDecoder: tokenizer)
            }
        }
        return passages
    }
}
