import Elements
import Hashing
package import Store

/// One line about a latent.
package struct LatentRow: Sendable, Hashable, Codable {
    /// The coder.
    package var coder: String
    /// The latent.
    package var latent: Int
    /// How far it has come.
    package var state: LatentState
    /// Why an explanation of it is due to be made again, the first of those that are; `nil` if none is.
    package var stale: SheetStaleness?
    /// What is said of it: what a model wrote before what was counted; `nil` if nothing is.
    package var label: String?
    /// All that is said of it, by explain node.
    package var labels: [Label]
    /// Its scores: of each score node and each explain node the latest.
    package var scores: [RowScore]
    /// The share of tokens at which it fires; `nil` if no evidence is known.
    package var density: Double?
    /// Its largest activation; `nil` likewise.
    package var maximum: Double?
    /// Windows that are kept of it; `nil` if no evidence is known, and in an index.
    package var evidence: KeptWindows?
    /// When its first score, or else its first explanation, was made, RFC 3339; `nil` without either, and in an index.
    package var made: String?

    /// The uniform samples of a latent's windows.
    package struct KeptWindows: Sendable, Hashable, Codable {
        /// How many are kept, of the train and the test side.
        package var kept: Int
        /// How many a reservoir is asked for; `nil` if that is not known.
        package var asked: Int?
    }

    /// What one explain node says.
    package struct Label: Sendable, Hashable, Codable {
        /// The node.
        package var node: String
        /// The job that made it; `nil` from a daemon of an older version.
        package var job: String?
        /// What it says.
        package var text: String
    }

    /// A score in few words.
    package struct RowScore: Sendable, Hashable, Codable {
        /// The score node.
        package var node: String
        /// The explain node.
        package var explainedBy: String
        /// The score.
        package var score: SheetScore
    }

    /// Makes a row of a latent of which nothing is said.
    init(_ key: LatentKey, state: LatentState) {
        coder = key.coder
        latent = key.latent
        self.state = state
        labels = []
        scores = []
    }

    /// Makes a row of what is stored, whose evidence is not known yet; explanations come in the order in which they are read.
    init(_ key: LatentKey, explanations: [Explanation], scores all: [Score]) {
        self.init(key, state: .collecting)
        labels = explanations.map { Label(node: $0.node, job: $0.job.description, text: $0.text) }
        label = labels.first { !$0.text.isEmpty }?.text
        let places = Dictionary(labels.enumerated().map { ($1.node, $0) }) { first, _ in first }
        let own = all.filter { $0.control == nil }.sorted {
            (places[$0.explainedBy] ?? .max, $0.node, $0.explainedBy)
                < (places[$1.explainedBy] ?? .max, $1.node, $1.explainedBy)
        }
        scores = own.map { score in
            var short = SheetScore(score, among: all)
            short.details = []
            return RowScore(node: score.node, explainedBy: score.explainedBy, score: short)
        }
    }

    /// The latent as results name it.
    package var key: LatentKey { LatentKey(coder: coder, latent: latent) }

    /// `coder/latent`.
    package var name: String { key.written }

    /// Its score by a score node, or by a method; `nil` if it has none with a number.
    package func score(by nodeOrMethod: String?) -> SheetScore? {
        scorePlace(by: nodeOrMethod).map { scores[$0].score }
    }

    /// The value of that score; `nil` if there is none.
    func headline(by nodeOrMethod: String?) -> SheetFigure? {
        scorePlace(by: nodeOrMethod).flatMap { scores[$0].score.headline }
    }

    private func scorePlace(by nodeOrMethod: String?) -> Int? {
        scores.indices.first {
            nodeOrMethod == nil || scores[$0].node == nodeOrMethod || scores[$0].score.method == nodeOrMethod
        }
    }
}
