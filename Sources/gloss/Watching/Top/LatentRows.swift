import Foundation
import LatentSheets
import TerminalText

extension TopStyle {
    /// The style of a latent's state.
    init(of state: LatentState) {
        self =
            switch state {
            case .scored: .good
            case .failed: .bad
            case .stale: .warning
            default: .plain
            }
    }
}

/// The rows of latents.
struct LatentRows {
    let look: TopLook
    /// The time by which ages are told.
    var now = Date()

    /// The table, in which a label never stands without a score, or the word that there is none.
    func table(of rows: [LatentRow]) -> TopTable {
        let methods = Set(rows.compactMap { $0.score(by: nil)?.method })
        // What all have in common is said once.
        let method = methods.count == 1 ? methods.first : nil
        let columns: [TopTable.Column] = [
            .init(title: "LATENT"), .init(title: "STATE"), .init(title: "FIRES", rank: 4, isRight: true),
            .init(title: "MAX", rank: 7, isRight: true), .init(title: "EVID", rank: 6, isRight: true),
            .init(title: method.map { "SCORE (\($0))" } ?? "SCORE"), .init(title: "CONTROL", rank: 2),
            .init(title: "AGE", rank: 5, isRight: true), .init(title: "EXPLANATION", rank: 3, takesRest: true),
        ]
        return TopTable(columns: columns, rows: rows.map { row($0, omitting: method) })
    }

    private func row(_ row: LatentRow, omitting method: String?) -> [TopPiece] {
        let score = row.score(by: nil)
        return [
            TopPiece(row.name), TopPiece(look.label(row.state.label), TopStyle(of: row.state)),
            TopPiece(row.density.map { $0 == 0 ? "0" : String(format: "%.1e", $0) } ?? "?"),
            TopPiece(row.maximum.map { String(format: "%.2f", $0) } ?? "?"),
            TopPiece(row.evidence.map { Self.text(of: $0) } ?? ""),
            TopPiece(score.map { Self.text(of: $0, omitting: method) } ?? "unscored"),
            TopPiece(score?.control.map { FigureText.number($0.value) } ?? ""),
            TopPiece(row.made.flatMap { AgeText.text(since: $0, at: now) } ?? ""),
            explanation(of: row, score),
        ]
    }

    /// A score without its method, if that stands in the header.
    private static func text(of score: SheetScore, omitting method: String?) -> String {
        guard let method, score.text.hasPrefix("\(method) ") else { return score.text }
        return String(score.text.dropFirst(method.count + 1))
    }

    /// The windows that are kept, of those asked for.
    private static func text(of evidence: LatentRow.KeptWindows) -> String {
        evidence.asked.map { "\(evidence.kept)/\($0)" } ?? "\(evidence.kept)"
    }

    /// What is said of a latent, after what speaks against that.
    private func explanation(of row: LatentRow, _ score: SheetScore?) -> TopPiece {
        let label = row.label ?? "-"
        let doubts = [row.stale?.text].compactMap(\.self) + (score?.doubts ?? [])
        return TopPiece(doubts.isEmpty ? label : "(\(doubts.joined(separator: "; "))) \(label)")
    }
}
