import Nodes

/// How well coders fit the first tokens of the corpus.
enum FitExamination {
    /// The findings of one coder; runs the subject, so it blocks.
    static func findings(of question: CoderFitQuestion, estimates: Bool) -> [Finding] {
        let subject = "fit \(question.node)"
        do {
            let answer = try question.answer.get()()
            var findings: [Finding] = []
            switch answer.fit {
            case .success(let sentence):
                findings.append(Finding(sentence.isAmiss ? .warn : .ok, subject, sentence.text))
            // Why a coder cannot be opened has been said of its files.
            case .failure: break
            }
            if estimates {
                let length = (answer.meanLength * 10_000).rounded() / 10_000
                findings.append(
                    Finding(
                        .ok, subject,
                        "activations at \(answer.hookpoint) have a mean length of \(length) over \(answer.tokens) tokens: "
                            + "`average_norm: \(length)` for a coder that asks for it"))
            }
            return findings
        } catch let refusal as CoderFitQuestion.FitRefusal {
            return [Finding(.ok, subject, "not measured: \(refusal.reason)")]
        } catch {
            return [Finding(.warn, subject, "not measured: \(error)")]
        }
    }
}
