import Elements
import Scoring
import Store
import TerminalText

/// Some of the texts that models wrote for the explanations at the ends of a report's lists.
struct WrittenSamples: Sendable {
    /// The most explanations at either end of a list whose texts are read.
    private static let explanations = 10
    /// The most texts of each kind that are shown of an explanation.
    private static let texts = 2

    private let written: [JobID: WrittenTexts]

    /// Reads the texts of the best and worst scores of each summary; none for methods that have none written.
    init(of summaries: [ScoreSummary], in reader: StoreReader) throws {
        var written: [JobID: WrittenTexts] = [:]
        // Other methods keep verdicts in their place.
        for summary in summaries where summary.method == GenerationScorer.name {
            for score in summary.best(Self.explanations) + summary.worst(Self.explanations) {
                written[score.job] = try reader.verdicts(of: score.job).flatMap { WrittenTexts(bytes: $0) }
            }
        }
        self.written = written
    }

    /// Lines of at most `width` columns: the texts written for an explanation in which the latent fires most and least, and the one
    /// written for none in which it fires most; the tokens at which it fires stand between `<<` and `>>`.
    func lines(of job: JobID, width: Int) -> [String] {
        guard let texts = written[job]?.texts else { return [] }
        let meant = Self.ranked(texts.filter(\.isMeant))
        let others = Self.ranked(texts.filter { !$0.isMeant })
        let shown = meant.count > Self.texts ? [meant[0], meant[meant.count - 1]] : meant
        return shown.map { Self.line($0, "meant", width) } + others.prefix(1).map { Self.line($0, "other", width) }
    }

    private static func ranked(_ texts: [WrittenText]) -> [WrittenText] {
        texts.enumerated().sorted { ($1.element.peak, $0.offset) < ($0.element.peak, $1.offset) }.map(\.element)
    }

    private static func line(_ text: WrittenText, _ kind: String, _ width: Int) -> String {
        let start = "    \(kind) \(FigureText.number(Double(text.peak))) "
        let words = PlainText.line(text.parts.map { $0.activation > 0 ? "<<\($0.text)>>" : $0.text }.joined())
        let room = max(20, width - start.count)
        return start + (words.count > room ? words.prefix(room - 1) + "…" : words[...])
    }
}
