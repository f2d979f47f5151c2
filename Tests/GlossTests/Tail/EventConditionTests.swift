import Testing

@testable import gloss

@Suite struct EventConditionTests {
    private static let score = """
        {"type":"score","coder":"codes","hookpoint":"layers.10","latent":17,"node":"detected","method":"detection",\
        "control":null,"value":0.84,"ci":[0.76,0.9],"n":100,"failed":0,"explanation":"Dates in ISO","details":\
        {"auroc":{"value":0.9}},"cursor":3}
        """

    private func holds(_ text: String) throws -> Bool {
        try EventCondition(text).holds(of: #require(TailedEvent(Self.score)))
    }

    @Test(
        arguments: [
            "value > .8", "value>=0.84", "n = 100", "n != 99", "method = detection", "method != 'fuzzing'",
            "explanation ~ iso", "control = null", "details.auroc.value >= .9", "latent = 17", "latent = codes/17",
            "value < .5 or value > .8", "not value < .5", "not (value < .5 or failed > 0) and n >= 100",
            "missing != 3", "explanation = \"Dates in ISO\"",
        ])
    func whatHolds(condition: String) throws { #expect(try holds(condition)) }

    @Test(
        arguments: [
            "value < .8", "method = fuzzing", "missing = 3", "missing < 3", "control = shuffled", "control != null",
            "explanation ~ months", "value > .8 and failed > 0", "not method = detection", "value = high",
            "latent = other/17",
        ])
    func whatDoesNotHold(condition: String) throws { #expect(try !holds(condition)) }

    @Test func andBindsTighterThanOr() throws {
        #expect(try holds("method = detection or value > 2 and n > 1000"))
        #expect(try !holds("(method = detection or value > 2) and n > 1000"))
    }

    @Test(
        arguments: [
            ("", "member"), ("value", "one of"), ("value >", "a value is expected"), ("> 3", "member"),
            ("value > 3 n", "`and` or `or`"), ("(value > 3", "not closed"), ("value > 'a", "not closed"),
            ("value > 3)", "`and` or `or`"), (String(repeating: "not ", count: 80) + "a = 1", "nested too deep"),
        ])
    func whatIsNoConditionIsSaidToBe(text: String, words: String) {
        let error = #expect(throws: EventCondition.Fault.self) { try EventCondition(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
