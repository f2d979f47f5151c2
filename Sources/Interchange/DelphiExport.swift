public import Elements
import Foundation
import JSONText
import Scoring
import Store
import WeightFiles

/// Explanations and scores in the files that delphi writes.
///
/// `explanations/<module>_latent<i>.txt` holds an explanation as a JSON text, `scores/<scorer>/<module>_latent<i>.txt` a
/// list with an object for each example judged, as in delphi 0.1.1's `ClassifierOutput`. Activations of the examples are
/// not kept and so left out; token texts are written if a tokenizer is given, token ids otherwise. Latents whose verdicts
/// were not kept have no score file.
public struct DelphiExport {
    /// The amounts written.
    public struct Account: Sendable, Hashable {
        /// Explanations written.
        public var explanations = 0
        /// Score files written, by the scorer's folder.
        public var scores: [String: Int] = [:]
        /// Scores by detection or fuzzing whose verdicts were not kept.
        public var withoutVerdicts = 0
        /// Scores by methods that delphi has no such file for.
        public var otherMethods = 0
    }

    private let stored: StoredExplanations
    private let tokenDecoder: (any TokenDecoder)?

    /// Opens a state directory.
    ///
    /// - Throws: `InterchangeError` if it is not clear whose explanations are meant; `StoreError`.
    public init(state directory: String, coder: String?, tokenDecoder: (any TokenDecoder)?) throws {
        stored = try StoredExplanations(directory: directory, coder: coder)
        self.tokenDecoder = tokenDecoder
    }

    /// Writes the files into a folder, which is made if it does not exist.
    ///
    /// - Throws: `InterchangeError` if a file cannot be written or kept verdicts cannot be read.
    public func write(to folder: String) throws -> Account {
        var account = Account()
        let newest = stored.newest
        for (node, explanations) in newest.sorted(by: { $0.key < $1.key }) {
            // With one explain node the folder is delphi's; else each has one of its own.
            let name = newest.count == 1 ? "explanations" : "explanations_\(node)"
            for (latent, explanation) in explanations.sorted(by: { $0.key < $1.key }) {
                try write(explanation.text, to: "\(folder)/\(name)", explanation.coder, latent)
                account.explanations += 1
            }
        }
        try writeScores(of: newest, to: folder, &account)
        return account
    }

    private func writeScores(
        of newest: [String: [Int: Explanation]], to folder: String, _ account: inout Account
    ) throws {
        let scores = stored.scores.filter { score in
            score.coder.name == stored.coder && score.control == nil
                && newest[score.explainedBy]?[score.latent]?.job == score.explanation
        }
        let groups = Dictionary(grouping: scores) { [$0.method, $0.node, $0.explainedBy] }
        for (key, group) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            guard let scorer = ScoringMethods.named(key[0])?.delphiName else {
                account.otherMethods += group.count
                continue
            }
            let isOnly = groups.keys.count { $0[0] == key[0] } == 1
            let name = isOnly ? scorer : "\(scorer)_\(key[1])_\(key[2])"
            for score in group {
                guard let bytes = try stored.reader.verdicts(of: score.job) else {
                    account.withoutVerdicts += 1
                    continue
                }
                guard let verdicts = KeptVerdicts(bytes: bytes) else {
                    throw InterchangeError(.damaged, "the verdicts kept of job \(score.job) cannot be read")
                }
                let examples = verdicts.examples.map { DelphiExample($0, tokenDecoder: tokenDecoder) }
                try write(examples, to: "\(folder)/scores/\(name)", score.coder, score.latent)
                account.scores[name, default: 0] += 1
            }
        }
    }

    private func write(_ value: some Encodable, to folder: String, _ coder: CoderIdentity, _ latent: Int) throws {
        let module = coder.hookpoint.replacingOccurrences(of: "/", with: "--")
        let path = "\(folder)/\(module)_latent\(latent).txt"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(SortedJSON.bytes(of: value)).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            let refusal = SystemRefusal(error)
            throw InterchangeError(
                refusal?.isOfTheMachine == true ? .machine : .configuration,
                "\(path) cannot be written: \(refusal?.reason ?? error.localizedDescription)")
        }
    }
}

/// One example of a score file.
private struct DelphiExample: Encodable {
    private let example: KeptVerdicts.Example
    private let texts: [String]?

    init(_ example: KeptVerdicts.Example, tokenDecoder: (any TokenDecoder)?) {
        self.example = example
        texts = tokenDecoder.map { decoder in example.tokens.map { decoder.text(of: [$0]) } }
    }

    private enum Key: String, CodingKey {
        case texts = "str_tokens"
        case tokens = "token_ids"
        case highlights, distance, activating, prediction, probability, correct
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        if let texts {
            try container.encode(texts, forKey: .texts)
        } else {
            try container.encode(example.tokens, forKey: .tokens)
        }
        if !example.marked.isEmpty { try container.encode(example.marked, forKey: .highlights) }
        // A positive's block of rank, 0 the strongest, as delphi's quantile; −1 for an example that does not activate.
        try container.encode(example.isPositive ? example.block ?? 0 : -1, forKey: .distance)
        try container.encode(example.isPositive, forKey: .activating)
        // A missing value is `null` and not left out, as delphi writes it.
        try container.encode(example.isYes, forKey: .prediction)
        try container.encode(example.probability, forKey: .probability)
        try container.encode(example.isYes.map { $0 == example.isPositive }, forKey: .correct)
    }
}
