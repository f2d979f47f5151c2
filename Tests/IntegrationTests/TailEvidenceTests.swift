import LatentSheets
import Serving
import Testing

/// How evidence grows, as `gloss tail --evidence` tells it of a state and of a server on it.
@Suite(.timeLimit(.minutes(5))) struct TailEvidenceTests {
    private struct Line: Decodable {
        let type: String
        let coder: String
        let epoch: UInt64
        let tokens: UInt64?
        let fired: Int?
        let latent: Int?
        let windows: UInt64?
        let maximum: Double?
        let cursor: Int64?
    }

    @Test func aStateAndAServerTellTheSameAsTheSheetAndNoResults() throws {
        let subject = try TinySubject()
        defer { withExtendedLifetime(subject) {} }
        let gloss = GlossProgram()
        let source = "{ type: file, path: \"\(try subject.corpus(documents: 60))\" }"
        let run = try gloss.run(["run", try subject.topology("told", source: source), "--until-drained", "--quiet"])
        try #require(run.status == 0, "\(run.errors)")
        let state = subject.state("told")
        let sheet = try SheetJSON.value(
            LatentSheet.self, from: try gloss.run(["show", state, "codes/3", "--json"]).output.utf8)
        let activity = try #require(sheet.activity)

        let wanted = ["--evidence", "--latent", "codes/3", "--end"]
        let direct = try gloss.run(["tail", state, "--json"] + wanted)
        #expect(direct.status == 0 && direct.errors.isEmpty, "\(direct.errors)")
        let lines = try direct.lines(as: Line.self)
        try #require(lines.count == 2)
        #expect(lines.allSatisfy { $0.type == "evidence" && $0.coder == "codes" && $0.cursor == nil })
        #expect(lines.allSatisfy { $0.epoch == activity.epoch })
        #expect(lines[0].tokens == activity.tokens && lines[0].latent == nil && (lines[0].fired ?? 0) > 0)
        #expect(lines[1].latent == 3 && lines[1].windows == activity.windowsFired)
        #expect(lines[1].maximum == activity.maximum)

        let (serving, address) = try gloss.serve(state)
        defer { withExtendedLifetime(serving) {} }
        let served = try gloss.run(["tail", address, "--json"] + wanted)
        #expect(served.status == 0 && served.output == direct.output, "\(served.errors)")
        let text = try gloss.run(["tail", address] + wanted).output.split(separator: "\n")
        #expect(text.first?.contains("Z evidence codes epoch \(activity.epoch) · ") == true)
        #expect(text.last?.contains("Z evidence codes/3 epoch ") == true && text.count == 2)

        // Beside results evidence comes after those that there are.
        let both = try gloss.run(["tail", state, "--evidence", "--score", "--json", "-n", "2", "--end"])
        struct Typed: Decodable { let type: String }
        #expect(try both.lines(as: Typed.self).map(\.type) == ["score", "score", "evidence"])
    }
}
