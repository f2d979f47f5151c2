/// A worked case that shows a judge the form of question and answer.
struct JudgeShot: Sendable {
    /// The explanation.
    let explanation: String
    /// The examples with their verdicts.
    let examples: [(String, Bool)]
    /// The positions in `examples` of those that are shown one by one.
    let shownAlone: [Int]

    var singles: [(String, Bool)] { shownAlone.filter(examples.indices.contains).map { examples[$0] } }
}
