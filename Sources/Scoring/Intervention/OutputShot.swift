/// A worked case that shows a model how an intervention's effects are asked about and explained.
struct OutputShot: Sendable {
    /// Prompts, each with the tokens that became likelier after it.
    let effects: [(prompt: String, rising: [String])]
    /// The answer, without what it begins with.
    let answer: String

    static let all: [OutputShot] = [
        OutputShot(
            effects: [
                ("In the end she decided to buy a", [" violin", " piano", " guitar", " flute", " drum"]),
                ("The children were playing", [" violin", " music", " instruments", " cello", " trumpet"]),
                ("My uncle repairs old", [" pian", " instruments", " organs", " guitars", " violin"]),
            ],
            answer: "musical instruments"),
        OutputShot(
            effects: [
                ("The results of the study were", [" however", " but", " although", " despite", " yet"]),
                ("He liked the house,", [" but", " although", " however", " though", " yet"]),
                ("    # sort the list", [" but", " despite", " however", " though", " without"]),
            ],
            answer: "words of contrast such as but and however"),
        OutputShot(
            effects: [
                ("The first train leaves at", [" Berlin", " Munich", " Hamburg", " Frankfurt", " Vienna"]),
                ("She sent the parcel to", [" Germany", " Berlin", " Austria", " Cologne", " Munich"]),
                ("They were married in", [" Munich", " Vienna", " Berlin", " Bav", " Dres"]),
            ],
            answer: "German and Austrian cities"),
    ]
}
