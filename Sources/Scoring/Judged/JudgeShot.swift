/// A worked case that shows a judge the form of question and answer.
struct JudgeShot: Sendable {
    /// The explanation.
    let explanation: String
    /// The examples with their verdicts.
    let examples: [(String, Bool)]
    /// The positions in `examples` of those that are shown one by one.
    let shownAlone: [Int]

    var singles: [(String, Bool)] { shownAlone.filter(examples.indices.contains).map { examples[$0] } }

    static func shots(for method: JudgedMethod) -> [JudgeShot] {
        switch method {
        case .detection: detection
        case .fuzzing: fuzzing
        }
    }

    private static let detection: [JudgeShot] = [
        JudgeShot(
            explanation: "Names of metals.",
            examples: [
                (" the bowl was beaten out of copper by a smith in the old town⏎", true),
                (" and nobody on the ferry had thought to bring an umbrella", false),
                (" prices for tin and nickel fell again on Tuesday, brokers", true),
                ("⏎    for row in table:⏎        print(row)⏎", false),
                (" she left by the back door, humming, before the guests came", false),
            ],
            shownAlone: [0, 1]),
        JudgeShot(
            explanation: "Opening brackets of function calls in program code.",
            examples: [
                ("total = sum(values) / len(values)⏎", true),
                (" was the last of the kings of that country, and he", false),
                (" if (ready) { start(engine, 3); }", true),
            ],
            shownAlone: [1, 2]),
    ]

    private static let fuzzing: [JudgeShot] = [
        JudgeShot(
            explanation: "Names of metals.",
            examples: [
                (" the bowl was beaten out of<< copper>> by a smith in the old town⏎", true),
                (" lead<< pipes>> ran under the street to the well", false),
                (" prices for<< tin>> and<< nickel>> fell again on Tuesday, brokers", true),
                (" nobody on the<< ferry>> had thought to bring an umbrella", false),
                (" the ring was<< silver>>, not gold, whatever she had said", true),
            ],
            shownAlone: [0, 3]),
        JudgeShot(
            explanation: "Opening brackets of function calls in program code.",
            examples: [
                ("total = sum<<(>>values) / len<<(>>values)⏎", true),
                (" if (<<ready>>) { start(engine, 3); }", false),
                (" was the last of the<< kings>> of that country, and he", false),
            ],
            shownAlone: [2, 0]),
    ]
}
