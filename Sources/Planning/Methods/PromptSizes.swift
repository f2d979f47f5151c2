/// The tokens of the parts of prompts.
///
/// Rules and worked cases are of fixed length; these are their texts at four bytes a token with the marks of a chat, set against the
/// runs of docs/results.md, from which each method's sum is less than a third away (docs/scaling.md has the table).
enum PromptSizes {
    /// An explanation with what introduces it.
    static let explanation = 25.0
    /// The marks that begin and end a chat's last turn.
    static let turn = 6.0
    /// What introduces a window, such as `Example 3:`.
    static let heading = 4.0
    /// The `<<` and `>>` of a window.
    static let marks = 8.0
    /// The rules and worked cases of a question that is answered by yes or no.
    static let oneVerdict = 225.0
    /// The rules and worked cases of a question that is answered by a list.
    static let severalVerdicts = 330.0
    /// The rules and worked cases of an explainer.
    static let explaining = 600.0
    /// The answer of an explainer, and with thought before it.
    static let sentence = 30.0
    static let thought = 180.0
    /// The text before a window whose activations are told.
    static let simulation = 290.0
    /// The text before a window whose surprise is measured.
    static let surprisal = 455.0
    /// The rules and worked cases of looking for an intruder.
    static let intruder = 480.0
    /// The rules and worked cases of writing texts.
    static let writing = 450.0
    /// The rules and worked cases of saying what an intervention does.
    static let effects = 450.0
    /// The text before a passage that is read for an intervention.
    static let passage = 190.0
}
