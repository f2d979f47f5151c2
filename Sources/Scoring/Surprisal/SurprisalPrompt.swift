import Examples

/// The text after which a window's probability is asked for: worked cases of a description and texts that it fits, then
/// the explanation.
///
/// It is a plain text and no chat, for models with and without instruction tuning.
public enum SurprisalPrompt {
    /// The version of the prompt; part of every job's name.
    public static let version = "surprisal-1"
    /// What stands in place of an explanation if nothing is explained.
    public static let nothing = "Assorted texts that have nothing to do with one another."

    /// What comes before a window that `description` is said to fit.
    public static func prefix(_ description: String) -> String {
        var text = """
            Below, texts are listed under a description that fits each of them. They are cut out of longer ones, so they may \
            start and end in the middle of a sentence; ⏎ stands for the end of a line, ⇥ for a tab.


            """
        for (description, texts) in shots { text += head(description) + texts.joined(separator: "\n") + "\n\n" }
        return text + head(SubjectText.line(of: description))
    }

    private static func head(_ description: String) -> String { "Description: \(description)\nTexts:\n" }

    private static let shots: [(String, [String])] = [
        (
            "Names of metals.",
            [
                " the bowl was beaten out of copper by a smith in the old town⏎",
                " prices for tin and nickel fell again on Tuesday, brokers said",
            ]
        ),
        (
            "Opening brackets of function calls in program code.",
            ["total = sum(values) / len(values)⏎", " if (ready) { start(engine, 3); }⏎"]
        ),
        (
            "Words for the parts of a ship.",
            [
                " she stood at the bow until the mast was out of sight",
                " water had come over the stern and into the hold",
            ]
        ),
        (
            "The second half of a comparison, behind \"than\".",
            [
                " cheaper to mend it than to buy a new one, so we",
                " was older than anyone in the village could remember",
            ]
        ),
        (
            "Years of the nineteenth century.",
            [" built in 1874 and burnt down within ten years", " the census of 1831 counted forty houses here"]
        ),
        (
            "Sentences in which someone apologises.",
            [" I am so sorry, I thought you had already been told", "Forgive me for writing so late; the letter only"]
        ),
        (
            "Ingredients in recipes.",
            [" add two cloves of garlic and a pinch of salt, then", "⏎- 200 g flour⏎- 3 eggs⏎- 1 cup of milk⏎"]
        ),
        (
            "Statements that something is not permitted.",
            [
                " visitors must not enter the yard without a guide, and",
                " copying this page is forbidden unless the owner agrees",
            ]
        ),
        (
            "The ending -ology in names of sciences.",
            [" a chair of geology was founded at the college in", " her first book, on the sociology of small towns,"]
        ),
    ]
}
