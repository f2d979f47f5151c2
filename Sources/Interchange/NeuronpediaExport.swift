import Elements
import Explaining
public import Foundation
import Store
import TerminalText

/// Explanations as JSON lines with Neuronpedia's field names.
public struct NeuronpediaExport {
    private let stored: StoredExplanations

    /// Opens a state directory.
    ///
    /// - Throws: `InterchangeError` if it is not clear whose explanations are meant; `StoreError`.
    public init(state directory: String, coder: String?) throws {
        stored = try StoredExplanations(directory: directory, coder: coder)
    }

    /// The lines of the coder's explanations, by latent; `source` is Neuronpedia's `layer`, by default the hookpoint.
    ///
    /// `notes` names each method's figure, 95 % interval, number of examples judged and failures.
    ///
    /// - Throws: `StoreError`.
    public func lines(modelID: String, source: String?) throws -> Data {
        let times = try stored.reader.explanationTimes()
        let scores = Dictionary(grouping: stored.scores.filter { $0.control == nil }, by: \.explanation)
        return ExplanationFile.write(
            stored.all.map { explanation in
                ExplanationFile.row(
                    of: explanation, modelID: modelID, layer: source ?? explanation.coder.hookpoint,
                    notes: Self.notes(scores[explanation.job] ?? []),
                    createdAt: Timestamp.text(times[explanation.job] ?? 0))
            })
    }

    private static func notes(_ scores: [Score]) -> String? {
        let parts = scores.compactMap { score in
            score.headline.map {
                "\(score.method)=\(FigureText.figure($0.value, $0.lower, $0.upper)) n=\(score.judged) f=\(score.failed)"
            }
        }
        return parts.isEmpty ? nil : "gloss " + parts.joined(separator: "; ")
    }
}
