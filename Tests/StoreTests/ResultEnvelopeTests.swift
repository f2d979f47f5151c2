import Elements
import Foundation
import Testing

@testable import Store

@Suite struct ResultEnvelopeTests {
    @Test func partsStandAtTheEndOfAnExplanationThatHasSome() {
        var explanation = Fixture.explanation(1)
        #expect(!ResultEnvelope.json(explanation, at: 0).contains("parts"))
        explanation.parts = .one
        #expect(
            ResultEnvelope.json(explanation, at: 0)
                .hasSuffix(
                    #""standing":null,"parts":{"meanings":1.0,"clusters":1,"separation":null,"rest":0.0,"parts":[]}}"#))
        explanation.parts = ExplanationParts(
            meanings: 1.5, clusters: 2, separation: 0.5, rest: 0.25,
            parts: [
                ExplanationPart(text: "a \"b\"", predicate: #"{"x":1}"#, weight: 0.75, windows: 9, reach: 0.1)
            ], tokens: [PartToken(text: "t", isFired: true, rarity: 1, values: [1])])
        #expect(
            ResultEnvelope.json(explanation, at: 0)
                .hasSuffix(
                    #""parts":{"meanings":1.5,"clusters":2,"separation":0.5,"rest":0.25,"#
                        + #""parts":[{"text":"a \"b\"","weight":0.75,"windows":9,"predicate":{"x":1}}]}}"#))
    }

    @Test func anExplanationInFull() {
        #expect(
            ResultEnvelope.json(Fixture.explanation(4093, text: "dates in ISO 8601 \"format\""), at: Fixture.time)
                == """
                {"v":1,"ts":"2026-11-23T12:04:31.120Z","type":"explanation","node":"prose","coder":"codes",\
                "hookpoint":"layers.10","latent":4093,"job":"\(Fixture.hash(4093))",\
                "explanation":"dates in ISO 8601 \\"format\\"","explainer":"default","model":"judge",\
                "sampling":"quantiles","prompt_version":"4","seed":18446744073709551615,\
                "evidence_digest":"\(Fixture.hash(5))","epoch":7,"shown":2,"predicate":{"tokens":[1,2]},\
                "windows_fired":null,"again":null,"standing":null}
                """)
    }

    @Test func aScoreInFull() {
        let details = [
            "true_positive_rate": Estimate(value: 1, lower: 0.5, upper: 1, count: 50),
            "auroc": Estimate(value: 0.875, lower: 0.8, upper: 0.95, count: 100),
        ]
        #expect(
            ResultEnvelope.json(Fixture.score(4093, details: details), at: Fixture.time) == """
                {"v":1,"ts":"2026-11-23T12:04:31.120Z","type":"score","node":"detected","method":"detection",\
                "control":null,"coder":"codes","hookpoint":"layers.10","latent":4093,"job":"\(Fixture.hash(4093))","value":0.84,\
                "ci":[0.76,0.9],"n":100,"failed":2,"explanation":"dates","explanation_job":"\(Fixture.hash(1000))",\
                "explained_by":"prose","tokens_in":412,"tokens_out":31,"tokens_cached":null,"sequential":null,"epoch":null,\
                "windows_fired":null,"contest":null,"details":{\
                "auroc":{"value":0.875,"ci":[0.8,0.95],"n":100},"true_positive_rate":{"value":1.0,"ci":[0.5,1.0],"n":50}}}
                """)
    }

    @Test func whatIsNotAvailableIsNull() throws {
        let bad = Estimate(value: .nan, lower: -.infinity, upper: .infinity, count: 0)
        for headline in [nil, bad] {
            let text = ResultEnvelope.json(Fixture.score(1, headline: headline, details: ["f1": bad]), at: 0)
            #expect(text.contains("\"value\":null,\"ci\":null,\"n\":100"))
            #expect(text.contains("\"f1\":{\"value\":null,\"ci\":[null,null],\"n\":0}"))
            #expect((try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil)
        }
    }

    @Test func aDeadLetterCarriesItsTextOrItsBytes() {
        let head = """
            {"v":1,"ts":"2026-11-23T12:04:31.120Z","type":"dead_letter","node":"corpus","code":"not-utf8",\
            "reason":"byte 0 is not UTF-8","source":"corpus","topic":"corpus","partition":1,"offset":3,
            """
        #expect(
            ResultEnvelope.json(Fixture.letter(3, value: [0xff, 0x41]), at: Fixture.time)
                == head + "\"value_base64\":\"/0E=\"}")
        #expect(
            ResultEnvelope.json(Fixture.letter(3, value: Array("{\n".utf8)), at: Fixture.time)
                == head + "\"value\":\"{\\n\"}")
    }

    @Test(arguments: [
        ("{\"a\":\r\n1}", "{\"a\": 1}"), ("not json", "\"not json\""), ("{\"a\":1", "\"{\\\"a\\\":1\""), ("3", "3"),
    ])
    func aPredicateIsEmbeddedOnlyWhereItIsJSON(predicate: String, expected: String) {
        let base = Fixture.explanation(1)
        let explanation = Explanation(
            job: base.job, node: base.node, coder: base.coder, latent: 1, text: "", predicate: predicate,
            provenance: base.provenance)
        #expect(ResultEnvelope.json(explanation, at: 0).contains("\"predicate\":\(expected),\"windows_fired\""))
    }

    @Test func controlCharactersNeverReachALine() throws {
        let nasty = "a\u{0}\u{1b}[2J\u{9b}\u{7f}\r\n\t\"\\\u{2028}\u{202e}\u{2066}é🙂"
        let text = ResultEnvelope.json(Fixture.explanation(1, text: nasty), at: 0)
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value) })
        #expect(!text.unicodeScalars.contains { [0x2028, 0x202e, 0x2066].contains($0.value) })
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(object?["explanation"] as? String == nasty)
    }
}
