/// A worked case that shows a model how texts are asked for and written.
struct WritingShot: Sendable {
    let description: String
    let texts: [String]

    static let all: [WritingShot] = [
        WritingShot(
            description: "names of musical instruments",
            texts: [
                "She tuned her violin while the drummer waited beside the old piano.",
                "The museum bought a lute, two harps and a trumpet last spring.",
                "Dear Tom, please bring the guitar on Sunday; my flute is broken again.",
                "instruments = [\"cello\", \"oboe\", \"tuba\"]⏎for name in instruments:⏎    print(name)",
            ]),
        WritingShot(
            description: "the word \"than\" in comparisons",
            texts: [
                "It is cheaper to mend a coat than to buy one, and quicker than you think.",
                "Nobody in our street runs faster than my sister, not even the postman.",
                "if left.size > right.size:  # larger than the other one⏎    return left",
                "Rather than wait, he walked home, later than ever.",
            ]),
        WritingShot(
            description: "opening brackets of function calls in program code",
            texts: [
                "total = sum(values) / len(values)⏎print(total)",
                "if (ready(engine)) { start(engine, 3); }",
                "const area = Math.max(width(box), height(box));",
                "The docs say: call open(path) first, then read(handle, 64).",
            ]),
    ]
}
