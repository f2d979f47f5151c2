import Elements
import Lineage
import Store

/// The explanations of one coder in a state directory, as an export takes them.
struct StoredExplanations {
    let reader: StoreReader
    let coder: String
    let all: [Explanation]
    /// The latest scores of what stands, whatever their coder, and the latest controls.
    let scores: [Score]

    /// Reads a state directory; `coder` is needed if there are explanations of several.
    ///
    /// - Throws: `InterchangeError` if it is not clear whose explanations are meant; `StoreError`.
    init(directory: String, coder: String?) throws {
        let reader = try Store.joinedReader(directory: directory)
        let standing = try StandingResults(in: reader)
        let explanations = standing.explanations
        let names = Set(explanations.map(\.coder.name)).sorted()
        let list = names.joined(separator: ", ")
        guard let first = names.first else {
            throw InterchangeError(.configuration, "\(directory) holds no explanations yet")
        }
        let name = coder ?? first
        guard names.contains(name) else {
            throw InterchangeError(
                .configuration, "\(directory) has no explanations of a coder \(name), only of \(list)")
        }
        guard coder != nil || names.count == 1 else {
            throw InterchangeError(
                .configuration, "\(directory) has explanations of several coders, \(list): name one with --coder")
        }
        self.reader = reader
        self.coder = name
        scores = standing.scores
        all = explanations.filter { $0.coder.name == name && !$0.text.isEmpty }
    }

    /// The newest explanation of each latent by each explain node.
    var newest: [String: [Int: Explanation]] {
        Dictionary(grouping: all, by: \.node).mapValues { explanations in
            Dictionary(explanations.map { ($0.latent, $0) }) {
                $1.provenance.epoch >= $0.provenance.epoch ? $1 : $0
            }
        }
    }
}
