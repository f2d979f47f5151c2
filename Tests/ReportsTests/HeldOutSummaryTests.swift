import Elements
import StateFixtures
import Testing

@testable import Reports

@Suite struct HeldOutSummaryTests {
    @Test func windowsLeftOutAreCountedOverAllLatents() throws {
        let summary = try #require(
            HeldOutSummary(of: [
                score(["share_dropped_by_identity": (0.25, 40), "share_dropped_by_overlap": (0.125, 40)]),
                score(["share_dropped_by_identity": (0, 60), "share_dropped_by_overlap": (0.05, 60)]),
                score(["firing_rate": (0.5, 1000)]),
            ]))
        #expect(summary.windows == 100)
        #expect(summary.left_out_as_known == 10)
        #expect(summary.left_out_as_overlapping == 8)
        #expect(summary.kept == 82)
        #expect(
            summary.line
                == "0 of 82 held-out windows are on the train side (10 were left out); 8.9 % share 13 tokens with one shown and were left out"
        )
    }

    @Test func silentWindowsAreHeldOutWindowsToo() throws {
        let summary = try #require(
            HeldOutSummary(of: [
                score([
                    "share_dropped_by_identity": (0.25, 40), "share_dropped_by_overlap": (0.125, 40),
                    "share_of_silent_dropped_by_overlap": (0.1, 60),
                ])
            ]))
        #expect(summary.windows == 100 && summary.silent_windows == 60 && summary.kept == 79)
        #expect(summary.left_out_as_overlapping == 11)
        #expect(
            summary.line
                == "0 of 79 held-out windows (25 firing, 54 silent) are on the train side (10 were left out); 12.2 % share 13 "
                + "tokens with one shown and were left out")
    }

    @Test func overlappingWindowsThatAreKeptAreSaidToBe() throws {
        let summary = try #require(
            HeldOutSummary(of: [
                score([
                    "share_dropped_by_identity": (0, 50), "share_dropped_by_overlap": (0, 50),
                    "share_overlapping": (0.1, 50),
                ])
            ]))
        #expect(summary.scored_overlapping == 5)
        #expect(summary.line.hasSuffix("10.0 % share 13 tokens with one shown and were kept"))
    }

    @Test func scoresThatSayNothingOfTheirWindowsHaveNoSummary() {
        #expect(HeldOutSummary(of: [Fixture.score(1, 0.5)]) == nil)
        #expect(HeldOutSummary(of: []) == nil)
    }

    private func score(_ details: [String: (Double, Int)]) -> Score {
        let plain = Fixture.score(1, 0.5)
        return Score(
            job: plain.job, node: plain.node, method: plain.method, coder: plain.coder, latent: plain.latent,
            explanation: plain.explanation, explainedBy: plain.explainedBy, text: plain.text, headline: plain.headline,
            details: details.mapValues { Estimate(value: $0.0, lower: 0, upper: 1, count: $0.1) }, judged: 1, failed: 0,
            tokensIn: 0, tokensOut: 0)
    }
}
