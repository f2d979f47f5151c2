public import Elements
import Examples

/// The text after which the surprisal of an explanation of a passage is measured: worked cases, the passage, and a clause that
/// says what it has more of.
///
/// It is a plain text and no chat, for models with and without instruction tuning.
/// Source: Paulo et al., arXiv 2410.13928, appendix on intervention scoring.
public enum PassagePrompt {
    /// What the clause begins with; the explanation and a closing quotation mark follow.
    static let opening = "The passage has more than usual of \""

    /// The text whose log-probability is asked for: the explanation and the mark that closes it.
    ///
    /// The mark makes a longer explanation that begins in the same way another answer.
    public static func answer(_ explanation: String) -> String { ControlStrings.broken(explanation) + "\"" }

    /// What comes before the explanation of a passage: a prompt of the subject and what the subject went on with.
    public static func prefix(for passage: [UInt32], tokenDecoder: any TokenDecoder) -> String {
        let cases = shots.map { passage, explanation in head(passage) + answer(explanation) + ".\n\n" }
        let line = SubjectText.line(of: passage.filter { !tokenDecoder.isSpecial($0) }, tokenDecoder: tokenDecoder)
        return rules + "\n\n" + cases.joined() + head(line)
    }

    private static func head(_ passage: String) -> String { "Passage: \(passage)\n\(opening)" }

    private static let rules = """
        Below, passages that a language model wrote are listed, and behind each in a few words what it has more of than \
        usual, above all near its end. ⏎ stands for the end of a line, ⇥ for a tab.
        """

    private static let shots = [
        (" the mayor opened the new library and thanked the carpenter, the plumber and the electrician", "trades"),
        ("We walked for an hour along the river. Then the sky turned purple, scarlet and gold", "colours"),
        ("def load(path):⏎    data = read(path)⏎    return data or error, exception, failure", "things going wrong"),
        (" is the third largest city of the province, and its ice hockey, tennis, football", "sports"),
    ]
}
