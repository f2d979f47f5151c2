import Elements
import StateFixtures
import Testing

@testable import Reports

@Suite struct ControlSummaryTests {
    private func controls(of scores: [Score], random: Set<String> = []) throws -> [ControlSummary] {
        try #require(ScoreSummary.summaries(of: scores, randomCoders: random).first).controls
    }

    private func score(_ latent: Int, _ value: Double, method: String, control: String? = nil, chance: Double? = nil)
        -> Score
    {
        Fixture.score(latent, value, node: "node", method: method, control: control).with {
            $0.details["chance"] = chance.map { Estimate(value: $0, lower: $0, upper: $0, count: 5) }
        }
    }

    @Test func controlsNeedNotBeOfTheSameLatents() throws {
        let controls = try controls(of: [
            Fixture.score(1, 1), Fixture.score(2, 0.5), Fixture.score(3, 0.75), Fixture.control(3, 0.5),
            Fixture.control(9, 0.25), Fixture.control(4, nil),
        ])
        let shuffled = try #require(controls.first)
        #expect(shuffled.name == "shuffled" && shuffled.latents == 2 && shuffled.mean?.value == 0.375)
        #expect(shuffled.note == "explanations of other latents on the same windows")
    }

    @Test func intrudersHaveSilentWindowsInPlaceOfExchangedExplanations() throws {
        let controls = try controls(of: [
            score(1, 0.8, method: "intruder", chance: 0.2), score(2, 0.6, method: "intruder", chance: 0.25),
            score(1, 0.3, method: "intruder", control: "silent_windows"),
        ])
        // One control under one name: the same numbers stand nowhere twice.
        #expect(controls.map(\.name) == ["silent_windows", "random_coder", "constant_answers"])
        #expect(controls[0].mean?.value == 0.3)
        #expect(controls[0].note.hasPrefix("trials in which the latent is silent in every window"))
        // Scores of an older version say only what guessing gives: one in the windows of a trial, and trials differ in that.
        #expect(controls[2].mean?.value == 0.225 && controls[2].latents == 0)
    }

    @Test func aConstantAnswerIsTheBestOneOnTheTrialsAtHand() throws {
        func intruded(_ latent: Int, _ shares: [Double]) -> Score {
            score(latent, 0.8, method: "intruder", chance: 0.2).with {
                for (place, share) in shares.enumerated() {
                    $0.details["intruder_at_\(place + 1)"] = Estimate(value: share, lower: 0, upper: 1, count: 4)
                }
            }
        }
        let constant = try controls(of: [
            intruded(1, [0.5, 0.25, 0, 0.25, 0]), intruded(2, [0, 0.5, 0.25, 0.25, 0]),
        ]).last
        #expect(constant?.name == "constant_answers" && constant?.mean?.value == 0.375)
        #expect(constant?.note == "the number that would be right most often on the trials at hand")
    }

    @Test func withoutATrialGuessingIsNotAvailable() throws {
        let controls = try controls(of: [score(1, 0.8, method: "intruder")])
        #expect(controls.last?.name == "constant_answers" && controls.last?.mean == nil)
        #expect(controls[0].mean == nil && controls[0].note == "no trial of silent windows alone has been judged")
    }

    @Test(arguments: [("simulation", -1.0, 0.0), ("intervention", -1000, 0), ("detection", 0, 0.5)])
    func aSingleControlHasTheRangeOfItsMethodAndConstantAnswersItsChance(
        method: String, least: Double, chance: Double
    ) throws {
        let controls = try controls(of: [
            score(1, 0.5, method: method), score(1, 0, method: method, control: "shuffled"),
        ])
        #expect(controls.first?.mean?.lower == least && controls.first?.mean?.upper == -least + (least == 0 ? 1 : 0))
        #expect(controls.last?.mean == Estimate(value: chance, lower: chance, upper: chance, count: 0))
    }

    @Test func aMethodOfAnotherVersionIsTakenForVerdicts() throws {
        let controls = try controls(of: [
            score(1, 0.5, method: "divination"), score(1, 0.25, method: "divination", control: "shuffled"),
        ])
        #expect(controls.map(\.name) == ["shuffled", "random_coder", "constant_answers"])
        #expect(controls[0].mean?.value == 0.25 && controls[2].mean?.value == 0.5)
    }

    @Test func theMarksAloneAreAMeanOverTheScoresThatHaveThem() throws {
        func fuzzed(_ latent: Int, marks: Double?) -> Score {
            score(latent, 0.9, method: "fuzzing").with {
                $0.details["marks_only"] = marks.map { Estimate(value: $0, lower: 0, upper: 1, count: 9) }
            }
        }
        let controls = try controls(of: [
            fuzzed(1, marks: 0.5), fuzzed(2, marks: 0.75), fuzzed(3, marks: nil),
            fuzzed(1, marks: 0).with {
                $0.control = "shuffled"
                $0.job = Fixture.hash(77)
            },
        ])
        let marks = try #require(controls.first { $0.name == "marks_only" })
        #expect(marks.latents == 2 && marks.mean?.value == 0.625)
    }

    @Test func randomCodersCountAtTheirHookpointAndByTheirMethodOnly() throws {
        func random(_ latent: Int, hookpoint: String = "layers.10", method: String = "detection") -> Score {
            let coder = CoderIdentity(name: "chance", hookpoint: hookpoint, latents: 9, digest: Fixture.hash(8))
            return Fixture.score(latent, 0.25, node: "c", method: method, coder: coder)
        }
        func control(_ scores: [Score]) throws -> ControlSummary? {
            try controls(of: [Fixture.score(1, 1)] + scores, random: ["chance"]).first { $0.name == "random_coder" }
        }
        #expect(try control([random(1), random(2)])?.latents == 2)
        #expect(try control([random(1, hookpoint: "layers.11")])?.mean == nil)
        #expect(try control([random(1, method: "fuzzing")])?.mean == nil)
        // Controls of the random coder's own are not its scores.
        #expect(try control([random(1).with { $0.control = "shuffled" }])?.mean == nil)
    }

    @Test func aRandomCoderWithFewMatchesIsSaidToBeNotAvailable() throws {
        let coder = CoderIdentity(name: "chance", hookpoint: "layers.10", latents: 9, digest: Fixture.hash(8))
        let scores =
            (0..<10).map { Fixture.score($0, 1, firingRate: Double($0)) }
            + [Fixture.score(1, 0.5, node: "c", firingRate: 0, coder: coder)]
        let matched = try #require(
            try controls(of: scores, random: ["chance"]).first { $0.name == "random_coder_matched" })
        #expect(matched.mean == nil && matched.latents == 0)
        #expect(
            matched.note
                == "fewer than half of the scored latents have two of the random coder in their tenth by firing rate")
    }
}
