/// A column of the tables of explanations, scores and choices.
enum ResultColumn: Int, CaseIterable {
    case job, node, method, coder, hookpoint, latents, coderDigest, latent, explanation, explainedBy
    case text, predicate, parts, explainer, sampling, promptVersion, model, seed, evidenceDigest, shown, basis
    case value, lower, upper, count, details, judged, failed, tokensIn, tokensOut, tokensCached, sequential
    case control, replicates, logits, epoch, windowsFired, recent, contest
    case standing, challenger, reason, outcome, scores, made

    /// The column's name in the database: that of the case, in snake case.
    var name: String {
        "\(self)".reduce(into: "") { name, character in
            name += character.isUppercase ? "_\(character.lowercased())" : String(character)
        }
    }
}
