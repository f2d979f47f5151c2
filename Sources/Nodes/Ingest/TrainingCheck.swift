import SparseCoders
import Topology

/// Whether texts are run as those were that a coder was trained on, as far as its files say.
struct TrainingCheck {
    let training: CoderTraining
    /// The name of the subject.
    let model: String
    /// Whether contexts begin with BOS; `nil` if that is not known.
    let beginsWithBOS: Bool?
    /// The most tokens of a context; `nil` if nothing says it.
    let contextLength: Int?

    /// What differs, each in a sentence's end.
    var differences: [String] {
        var differences: [String] = []
        if !training.mayBe(model: model) {
            differences.append("on the model \(training.model ?? ""), not \(model)")
        }
        if let trained = training.beginsWithBOS, let run = beginsWithBOS, trained != run {
            differences.append(
                trained
                    ? "on contexts that begin with BOS, and these do not"
                    : "on contexts without BOS, and these begin with it")
        }
        if let trained = training.contextLength, let run = contextLength, run > trained {
            differences.append("on contexts of \(trained) tokens, and these have up to \(run)")
        }
        return differences
    }

    /// Reports what differs; nothing stops a run, since codes of most tokens are as they should be.
    func report(at mark: SourceMark, of node: String, into findings: inout NodeFindings) {
        for difference in differences {
            findings.report(
                .otherTraining, mark, "\(node): the coder's files say that it was trained \(difference)",
                help:
                    "give the model, `bos:` and `context:` of its training, or say `place: as-given` if the files are wrong"
            )
        }
    }
}
