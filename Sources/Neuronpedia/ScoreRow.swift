import Elements
import Hashing
import JSONText
package import LatentSheets

/// A score as a row of Neuronpedia's table of scores, which no importer of its own reads: for instances of one's own.
///
/// Source: `ExplanationScore` of `apps/webapp/prisma/schema.prisma` of hijohnnylin/neuronpedia.
package struct ScoreRow: Sendable, Hashable, Codable {
    package var id: String
    package var initiatedByUserId: String
    package var value: Double
    package var explanationId: String
    package var explanationScoreTypeName: String
    package var explanationScoreModelName: String
    package var jsonDetails: String
    package var createdAt: String

    /// What Neuronpedia calls a method of scoring; `nil` for one that it has no name for.
    private static func typeName(_ method: String) -> String? {
        switch method {
        case "detection": "eleuther_recall"
        case "fuzzing": "eleuther_fuzz"
        case "embedding": "eleuther_embedding"
        default: nil
        }
    }

    /// A window that a judge was asked about, as its score dialog reads it.
    private struct Detail: Encodable {
        let text: String
        let str_tokens: [String]
        let activations: [Double]
        let ground_truth: Bool
        let prediction: Bool?
        let highlighted: Bool
        let correct: Bool?
        let probability: Double?
    }

    /// The scores of what stands that have a number and a name there; `model` names the judge of all of them.
    package static func rows(
        _ sheet: LatentSheet, judge model: String, text: (_ ids: [UInt32]) -> String
    ) -> [ScoreRow] {
        sheet.labels.flatMap { label in
            label.scores.compactMap { score in
                guard let type = typeName(score.method), let value = score.headline?.value else { return nil }
                let asked = sheet.examples.first { $0.kind == .judged && $0.node == score.node }?.examples ?? []
                return ScoreRow(
                    id: PublishedID.text(job: score.job), initiatedByUserId: PublishedSource.bot, value: value,
                    explanationId: PublishedID.text(job: label.job), explanationScoreTypeName: type,
                    explanationScoreModelName: model, jsonDetails: details(asked, text), createdAt: label.made)
            }
        }
    }

    private static func details(_ examples: [SheetExample], _ text: (_ ids: [UInt32]) -> String) -> String {
        let details = examples.map { example in
            let isTrue = example.tier == nil
            return Detail(
                text: text(example.pieces.flatMap(\.ids)), str_tokens: example.pieces.map { text($0.ids) },
                activations: example.pieces.map { Double($0.activation) }, ground_truth: isTrue,
                prediction: example.verdict?.isYes, highlighted: !example.marked.isEmpty,
                correct: example.verdict?.isRight, probability: example.verdict?.probability)
        }
        return (try? SortedJSON.text(of: details)) ?? "[]"
    }
}
