import LatentSheets

/// The latents of which a person would believe what is said: scored high and surely, with controls far below, each about
/// something else.
enum Highlights {
    /// A latent and the score that speaks for it.
    struct Choice: Sendable, Hashable {
        let row: LatentRow
        let label: String
        let score: SheetScore
    }

    /// What the scores of one method are like.
    struct Typical: Sendable, Hashable {
        let method: String
        let count: Int
        /// The median.
        let value: Double
        /// That of their controls; `nil` if they have none.
        let control: Double?
    }

    /// The windows that a score must rest on.
    private static let leastJudged = 30
    /// The share of tokens above which a latent is no example of anything.
    private static let mostDensity = 0.05
    /// Each further clause of a description costs so much, since a short one is believed sooner.
    private static let clauseCost = 0.03

    /// At most `count` of some latents, the most believable first.
    ///
    /// - Parameter controls: The coders with random directions, which are no findings.
    static func chosen(among rows: [LatentRow], without controls: Set<String>, count: Int) -> [Choice] {
        let candidates = rows.filter { !controls.contains($0.coder) }.compactMap { row in
            candidate(row).map { (choice: $0, worth: worth(of: $0)) }
        }.sorted { ($1.worth, $0.choice.row.name) < ($0.worth, $1.choice.row.name) }
        var chosen: [Choice] = []
        var seen: Set<String> = []
        for (choice, _) in candidates where chosen.count < count {
            let subjects = subjects(of: choice.label)
            guard subjects.isDisjoint(with: seen) else { continue }
            seen.formUnion(subjects)
            chosen.append(choice)
        }
        return chosen
    }

    /// The method with most scores of trained coders; `nil` if there are none.
    static func typical(of rows: [LatentRow], without controls: Set<String>) -> Typical? {
        let scores = rows.filter { !controls.contains($0.coder) }.flatMap { $0.scores.map(\.score) }
        let groups = Dictionary(grouping: scores.filter { $0.headline != nil }, by: \.method)
        guard let (method, group) = groups.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else {
            return nil
        }
        guard let value = median(group.compactMap(\.headline?.value)) else { return nil }
        return Typical(
            method: method, count: group.count, value: value, control: median(group.compactMap(\.control?.value)))
    }

    private static func median(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    /// A latent with the weakest of its scores, if none of them is in doubt.
    private static func candidate(_ row: LatentRow) -> Choice? {
        guard row.density ?? 0 <= mostDensity, let label = row.labels.first(where: { !$0.text.isEmpty }) else {
            return nil
        }
        let scores = row.scores.filter { $0.explainedBy == label.node }.map(\.score)
        guard scores.allSatisfy(\.doubts.isEmpty) else { return nil }
        let firm = scores.filter { $0.judged >= leastJudged && $0.headline != nil }
        guard let score = firm.min(by: { margin(of: $0) < margin(of: $1) }), margin(of: score) > 0 else { return nil }
        return Choice(row: row, label: label.text, score: score)
    }

    /// How far the lower end of the interval lies above its control and above chance.
    private static func margin(of score: SheetScore) -> Double {
        guard let headline = score.headline else { return 0 }
        return headline.lower - max(score.control?.value ?? 0, score.chance ?? 0)
    }

    private static func worth(of choice: Choice) -> Double {
        margin(of: choice.score) - clauseCost * Double(choice.label.count { $0 == "," || $0 == ";" })
    }

    /// What a description is about: what stands in quotation marks, else its words.
    static func subjects(of label: String) -> Set<String> {
        let quoted = label.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { $0.element.lowercased() }
        guard quoted.isEmpty else { return Set(quoted) }
        let words = label.lowercased().split { !$0.isLetter }.map(String.init)
        return Set(words.filter { $0.count > 3 && !common.contains($0) })
    }

    /// Words that descriptions of anything have.
    private static let common: Set<String> = [
        "contains", "contain", "word", "words", "token", "tokens", "text", "texts", "after", "before", "with", "that",
        "which", "this", "from", "such", "phrases", "often", "related", "used", "using",
    ]
}
