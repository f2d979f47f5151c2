import Testing

@testable import gloss

@Suite struct EventFormTests {
    private static let score = """
        {"v":1,"ts":"2026-11-23T12:04:31.000Z","type":"score","node":"detected","method":"detection","control":null,\
        "coder":"codes","hookpoint":"layers.10","latent":17,"job":"8f","value":0.84,"ci":[0.76,0.9],"n":100,"failed":2,\
        "explanation":"dates \\"in\\" ISO","cursor":3}
        """
    private static let explanation = """
        {"v":1,"ts":"2026-11-23T12:04:31.000Z","type":"explanation","node":"prose","coder":"codes","hookpoint":"layers.10",\
        "latent":17,"job":"8f","explanation":"dates","explainer":"default","cursor":2}
        """
    private static let failure = """
        {"v":1,"ts":"2026-11-23T12:04:31.000Z","type":"failure","node":"detected","coder":"codes","latent":17,"job":"8f",\
        "kind":"score","reason":"no answer","attempts":3,"cursor":4}
        """

    private func text(_ form: EventForm, _ json: String) throws -> String {
        form.text(of: try #require(TailedEvent(json)))
    }

    @Test func textNamesTheLatentAlikeForEveryType() throws {
        #expect(
            try text(.text, Self.score)
                == "12:04:31Z score   codes/17  detection .84 [.76–.90] n=100 f=2  \"dates \"in\" ISO\"")
        #expect(try text(.text, Self.explanation) == "12:04:31Z explain codes/17  default unscored  \"dates\"")
        #expect(try text(.text, Self.failure) == "12:04:31Z fail    codes/17  detected  no answer")
    }

    @Test func logfmtHasOneNameForEachValue() throws {
        #expect(
            try text(.logfmt, Self.score)
                == "ts=2026-11-23T12:04:31.000Z type=score latent=codes/17 node=detected method=detection value=.84 lower=.76 "
                + "upper=.90 n=100 failed=2 explanation=\"dates \\\"in\\\" ISO\" cursor=3")
        #expect(try text(.logfmt, Self.explanation).contains(" value=unscored explanation=dates "))
        #expect(try text(.logfmt, Self.failure).hasSuffix(" node=detected reason=\"no answer\" cursor=4"))
    }

    @Test func aPlaceOfSeveralSharesIsACursor() throws {
        let json = Self.score.replacing("\"cursor\":3", with: "\"cursor\":\"12-40-7-9\"")
        #expect(try text(.logfmt, json).hasSuffix(" cursor=12-40-7-9"))
        #expect(try text(.format(try EventFormat("%c")), json) == "12-40-7-9")
        #expect(try text(.format(try EventFormat("%c")), Self.score) == "3")
    }

    @Test func prettySetsTheDescriptionApart() throws {
        #expect(
            try text(.pretty(width: 80), Self.score)
                == "12:04:31Z score   codes/17  detection .84 [.76–.90] n=100 f=2\n    “dates \"in\" ISO”")
        let narrow = try text(.pretty(width: 30), Self.score).split(separator: "\n")
        #expect(narrow.count > 2 && narrow.allSatisfy { $0.count <= 30 })
    }

    private static let evidence = """
        {"v":1,"ts":"2026-11-23T12:04:31.000Z","type":"evidence","coder":"codes","node":"evidence","epoch":12,\
        "tokens":41200000,"fired":9120,"changed":3102}
        """
    private static let latent = """
        {"v":1,"ts":"2026-11-23T12:04:31.000Z","type":"evidence","coder":"codes","node":"evidence","epoch":12,\
        "latent":17,"windows":400,"maximum":9.3125}
        """

    @Test func evidenceThatGrowsHasALineInEachForm() throws {
        #expect(
            try text(.text, Self.evidence)
                == "12:04:31Z evidence codes epoch 12 · 41.2M tokens · 3102 latents changed")
        #expect(
            try text(.text, Self.latent) == "12:04:31Z evidence codes/17 epoch 12 · 400 windows · at most 9.31")
        #expect(
            try text(.logfmt, Self.evidence)
                == "ts=2026-11-23T12:04:31.000Z type=evidence latent=- node=evidence coder=codes epoch=12 "
                + "tokens=41200000 fired=9120 changed=3102")
        #expect(try text(.logfmt, Self.latent).hasSuffix(" coder=codes epoch=12 windows=400 maximum=9.3125"))
        #expect(try text(.json, Self.latent) == Self.latent)
        #expect(try text(.pretty(width: 30), Self.evidence).split(separator: "\n").allSatisfy { $0.count <= 30 })
        let known = Self.evidence.replacing(",\"changed\":3102", with: "")
        #expect(try text(.text, known) == "12:04:31Z evidence codes epoch 12 · 41.2M tokens")
    }

    @Test func whatADaemonTellsAgainAfterABreakIsNotNew() {
        var told = ToldEvidence()
        #expect(told.isNew(Self.evidence) && told.isNew(Self.latent))
        #expect(!told.isNew(Self.evidence) && !told.isNew(Self.latent))
        #expect(told.isNew(Self.evidence.replacing("3102", with: "4")) && !told.isNew(Self.latent))
    }

    @Test func aFormatNeverShowsADescriptionWithoutItsScore() throws {
        let format = EventForm.format(try EventFormat("%t\\t%l %s%% %i %n %f %m %N %T %c %r\\n"))
        #expect(
            try text(format, Self.score)
                == "2026-11-23T12:04:31.000Z\tcodes/17 .84% [.76–.90] 100 2 detection detected score 3 -")
        #expect(try text(.format(EventFormat("%e %s")), Self.explanation) == "dates unscored")
        #expect(try text(.format(EventFormat("%e")), Self.explanation) == "dates (unscored)")
        #expect(try text(.format(EventFormat("%e")), Self.score) == "dates \"in\" ISO (.84)")
        #expect(try text(.format(EventFormat("%e %s")), Self.failure) == "- -")
    }

    @Test(arguments: ["%", "%x", "\\q", "abc\\"])
    func whatIsNoFormatIsSaidToBe(format: String) {
        #expect(throws: EventFormat.Fault.self) { try EventFormat(format) }
    }

    @Test func nothingSteersTheTerminal() throws {
        let hostile = Self.score.replacing("dates", with: "\\u001b[31m")
        for form in [EventForm.text, .json, .logfmt, .pretty(width: 80), .format(try EventFormat("%e %j"))] {
            #expect(try !text(form, hostile).unicodeScalars.contains("\u{1B}"))
        }
    }
}
